using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Worker.Benching;

/// <summary>Orders of no job: what they are about lies on this machine, and nothing of them comes from or goes to a store.</summary>
internal static class LocalOrders
{
    private const int HeartbeatSeconds = 5;

    public static ScanVideo Scan(VideoFormat format, Recipe recipe) =>
        new()
        {
            JobId = Guid.Empty,
            Attempt = 1,
            Format = format,
            Recipe = recipe,
            TargetUrl = default,
            TargetSha256 = "",
            FrameTableUrl = default,
            Sources = [],
            ScanPutUrl = default,
            SheetPutUrl = default,
            HeartbeatSeconds = HeartbeatSeconds,
        };

    /// <param name="index">Of the chunk.</param>
    /// <param name="range">Its frames.</param>
    /// <param name="format">Of the target.</param>
    /// <param name="recipe">What is done.</param>
    /// <param name="pipelineKey">As the scan gave it.</param>
    public static FuseChunk Fuse(int index, FrameRange range, VideoFormat format, Recipe recipe, string pipelineKey) =>
        new()
        {
            JobId = Guid.Empty,
            ChunkIndex = index,
            Attempt = 1,
            Range = range,
            Format = format,
            Recipe = recipe,
            TargetUrl = default,
            TargetSha256 = "",
            FrameTableUrl = default,
            ScanUrl = default,
            Sources = [],
            Sidecars = [],
            PipelineKey = pipelineKey,
            HeartbeatSeconds = HeartbeatSeconds,
            SegmentPutUrl = default,
            SidecarPutUrl = default,
            ReportPutUrl = default,
        };
}
