using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Name and version of what ran, for the report.</summary>
public sealed record ProductVersions(IReadOnlyDictionary<string, string> All)
{
    /// <param name="ffmpeg">ffmpeg's version text.</param>
    public static ProductVersions Of(string ffmpeg) =>
        new(
            new Dictionary<string, string>
            {
                ["ffb"] = typeof(ProductVersions).Assembly.GetName().Version?.ToString(3) ?? "",
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["system"] = RuntimeInformation.RuntimeIdentifier,
                ["ffmpeg"] = ffmpeg,
            }
        );
}
