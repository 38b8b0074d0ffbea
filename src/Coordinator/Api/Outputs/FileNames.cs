using FaceFusion.Batch.Coordinator.Api.Bodies;

namespace FaceFusion.Batch.Coordinator.Api.Outputs;

/// <summary>Names for files on other people's disks, made of what somebody called a target.</summary>
internal static class FileNames
{
    private const int LongestStem = 100;

    /// <summary>What Windows takes for devices, whatever the extension.</summary>
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
    };

    /// <summary>The target's last part without its extension, and the ending: <c>clip.fused.mp4</c>.</summary>
    public static string Of(string targetLabel, string ending)
    {
        string name = DisplayNames.Clean(targetLabel.Split('/', '\\')[^1]);
        int dot = name.LastIndexOf('.');
        string stem = dot > 0 ? name[..dot] : name;
        stem = new string([.. stem.Select(c => c is '"' or '*' or ':' or '<' or '>' or '?' or '|' or '%' ? '_' : c)]);
        stem = stem.TrimStart('.', '-', ' ', '~').TrimEnd('.', ' ');
        if (stem.Length > LongestStem)
        {
            // Not through the middle of a character.
            stem = stem[..(char.IsHighSurrogate(stem[LongestStem - 1]) ? LongestStem - 1 : LongestStem)];
        }

        bool isUsable = stem.Length > 0 && !Devices.Contains(stem.Split('.')[0]);
        return $"{(isUsable ? stem : "target")}.{ending}";
    }
}
