using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>What preparing found; the frame table lies in the file that was named.</summary>
public sealed record PreparedVideo(
    ProbedVideo Probed,
    int FrameCount,
    IReadOnlyList<string> Warnings,
    double CpuMilliseconds
);
