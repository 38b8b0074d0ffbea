using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>Static HDR10 metadata in x265's notation, and warnings about the dynamic kinds, which are not kept.</summary>
internal sealed record HdrMetadata(string? MasteringDisplay, string? ContentLightLevel, IReadOnlyList<string> Warnings)
{
    public static HdrMetadata Read(IEnumerable<JsonElement> sideData)
    {
        string? mastering = null;
        string? light = null;
        SortedSet<string> warnings = [];
        foreach (JsonElement side in sideData)
        {
            string type = ProbeJson.Text(side, "side_data_type");
            if (type.StartsWith("Mastering display", StringComparison.Ordinal))
            {
                mastering ??= Mastering(side);
            }
            else if (type.StartsWith("Content light level", StringComparison.Ordinal))
            {
                light ??= $"{ProbeJson.Integer(side, "max_content")},{ProbeJson.Integer(side, "max_average")}";
            }
            else if (
                type.StartsWith("DOVI", StringComparison.Ordinal)
                || type.StartsWith("Dolby Vision", StringComparison.Ordinal)
            )
            {
                RefuseProfile5(side);
                warnings.Add("Dolby Vision metadata is not kept: the result is the base layer (HDR10, HLG or SDR).");
            }
            else if (type.Contains("2094-40", StringComparison.Ordinal))
            {
                warnings.Add("HDR10+ dynamic metadata is not kept: the result is HDR10.");
            }
        }

        return new HdrMetadata(mastering, light, [.. warnings]);
    }

    private static void RefuseProfile5(JsonElement side)
    {
        if (ProbeJson.Integer(side, "dv_profile") == 5)
        {
            throw new InvalidVideoException(
                "video-dolby-vision",
                "The target is Dolby Vision profile 5, whose picture has no ordinary colours: convert it to HDR10 first."
            );
        }
    }

    private static string? Mastering(JsonElement side)
    {
        // x265 wants chromaticities in 1/50,000 and luminances in 1/10,000 of a candela; ffprobe prints fractions.
        string Point(string name) => $"({Scaled(side, name + "_x", 50_000)},{Scaled(side, name + "_y", 50_000)})";
        return Scaled(side, "max_luminance", 10_000) == 0
            ? null
            : $"G{Point("green")}B{Point("blue")}R{Point("red")}WP{Point("white_point")}"
                + $"L({Scaled(side, "max_luminance", 10_000)},{Scaled(side, "min_luminance", 10_000)})";
    }

    private static long Scaled(JsonElement side, string name, int units)
    {
        Rational value = ProbeJson.Ratio(side, name);
        return (long)Math.Round(value.ToDouble() * units, MidpointRounding.AwayFromZero);
    }
}
