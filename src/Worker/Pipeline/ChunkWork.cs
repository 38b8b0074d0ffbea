using System.Diagnostics;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>Turns one chunk into one segment, one sidecar and one chunk report. One per process; any number of chunks side by side.</summary>
/// <param name="lanes">Threads of a chunk's stages; see <see cref="InFlight"/>.</param>
public sealed class ChunkWork(
    FaceModels models,
    MediaTools tools,
    SourceCache sources,
    WorkMeter meter,
    string workerId,
    LaneCounts lanes
)
{
    private readonly LaneShare _share = new(lanes.Together ?? int.MaxValue);

    /// <summary>Blocks until the three files are written. Runs on threads of its own.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="files">Where its inputs lie and its outputs go, on this machine.</param>
    /// <param name="onFramesDone">Called from the encoding thread with the frames written so far.</param>
    /// <param name="stop">Ends the chunk at once; nothing that it wrote is of use then.</param>
    /// <exception cref="FusionException">The chunk failed; the exception says whether another try can help.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public ChunkFused Run(FuseChunk order, ChunkFiles files, Action<int> onFramesDone, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        string key = PipelineKeys.Pipeline(models, tools, order.Recipe);
        if (order.PipelineKey != key)
        {
            throw new ModelException(
                Failure.PipelineDiffers,
                $"Worker {workerId} runs other models, another version or another kind of device ({models.Device.Plan.Device}) "
                    + "than the job began with; update all workers alike, and give them the same --device.",
                isTransient: true
            );
        }

        ScanResult scan = ReadScan(files.Scan);
        using var pipeline = new ChunkPipeline(order, files, scan, models, tools, sources, onFramesDone, lanes, _share);
        ChunkOutcome outcome = pipeline.Run(stop);
        meter.Faces(outcome.Stage.Found.Sum(), outcome.Stage.Fused.Sum());
        meter.Stages(outcome.StageMilliseconds);
        double wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        WriteReport(order, files, outcome, wall);
        return new ChunkFused
        {
            JobId = order.JobId,
            ChunkIndex = order.ChunkIndex,
            Attempt = order.Attempt,
            WorkerId = workerId,
            Frames = outcome.Segment.Frames,
            SegmentBytes = outcome.Segment.Bytes,
            SegmentSha256 = outcome.Segment.Sha256,
            HeaderSha256 = outcome.Segment.HeaderSha256,
            FramesHash = outcome.Stage.FramesHash,
            Seconds = wall / 1000,
            Analysed = outcome.Analysed,
        };
    }

    internal static ScanResult ReadScan(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<ScanResult>(stream, JsonSerializerOptions.Web)
            ?? throw new StorageException(
                "scan-unreadable",
                "The job's scan result is empty; submit the job again.",
                false
            );
    }

    private void WriteReport(FuseChunk order, ChunkFiles files, ChunkOutcome outcome, double wall)
    {
        var report = new ChunkReport
        {
            ChunkIndex = order.ChunkIndex,
            Range = order.Range,
            WorkerId = workerId,
            Device = Observing.ChosenDevice.Describe(models.Device),
            Encoder = outcome.Encoder.ToString(),
            FrameHashes = outcome.Stage.FrameHashes,
            FacesFound = outcome.Stage.Found,
            FacesFused = outcome.Stage.Fused,
            FusedByPerson = outcome.Stage.FusedByPerson,
            Missed = outcome.Stage.Missed,
            Identity = outcome.Stage.Samples,
            Crops = outcome.Gallery.ToPairs(),
            StageMilliseconds = outcome.StageMilliseconds,
            WallMilliseconds = wall,
        };
        using FileStream stream = File.Create(files.Report);
        JsonSerializer.Serialize(stream, report, JsonSerializerOptions.Web);
    }
}
