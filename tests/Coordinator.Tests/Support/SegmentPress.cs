using System.Collections.Concurrent;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>The fuse work without faces: real segments of a chunk's own frames, each encoded once and given out again.</summary>
internal sealed class SegmentPress
{
    private readonly ConcurrentDictionary<FrameRange, Lazy<Pressed>> _pressed = new();

    /// <summary>Stores segment, sidecar and report of an order; the word about them.</summary>
    public ChunkFused Fuse(FuseChunk order, string workerId)
    {
        Pressed pressed = _pressed.GetOrAdd(order.Range, _ => new Lazy<Pressed>(() => Press(order))).Value;
        Put(order.SidecarPutUrl, [1, 2, 3]);
        Put(
            order.ReportPutUrl,
            JsonSerializer.SerializeToUtf8Bytes(Report(order, workerId), JsonSerializerOptions.Web)
        );
        Put(order.SegmentPutUrl, pressed.Bytes);
        return new ChunkFused
        {
            JobId = order.JobId,
            ChunkIndex = order.ChunkIndex,
            Attempt = order.Attempt,
            WorkerId = workerId,
            Frames = pressed.Facts.Frames,
            SegmentBytes = pressed.Facts.Bytes,
            SegmentSha256 = pressed.Facts.Sha256,
            HeaderSha256 = pressed.Facts.HeaderSha256,
            FramesHash = "0",
            Seconds = 0.1,
            Analysed = true,
        };
    }

    /// <summary>Stores an empty scan; the word about it.</summary>
    public static VideoScanned Scan(ScanVideo order, string workerId)
    {
        ScanResult scan = new()
        {
            FramesScanned = 3,
            People = [],
            Warnings = ["Nobody is in it."],
        };
        Put(order.SheetPutUrl, [137, 80]);
        Put(order.ScanPutUrl, JsonSerializer.SerializeToUtf8Bytes(scan, JsonSerializerOptions.Web));
        return new VideoScanned
        {
            JobId = order.JobId,
            Attempt = order.Attempt,
            WorkerId = workerId,
            People = 0,
            CpuMilliseconds = 1,
            PipelineKey = "key",
            AnalysisKey = new string('c', 64),
            Models = new Dictionary<string, string> { ["mesh"] = "d" },
        };
    }

    private static ChunkReport Report(FuseChunk order, string workerId)
    {
        int[] zeros = new int[order.Range.Length];
        return new ChunkReport
        {
            ChunkIndex = order.ChunkIndex,
            Range = order.Range,
            WorkerId = workerId,
            FrameHashes = [.. zeros.Select(_ => "0")],
            FacesFound = zeros,
            FacesFused = zeros,
            Missed = new Dictionary<int, int>(),
            Identity = [],
            Crops = [],
            StageMilliseconds = new Dictionary<string, double> { ["decode"] = 1 },
            WallMilliseconds = 1,
        };
    }

    private static Pressed Press(FuseChunk order)
    {
        FrameTable table = FrameTable.Load(new Uri(order.FrameTableUrl.Value).LocalPath);
        string target = new Uri(order.TargetUrl.Value).LocalPath;
        string path = Path.GetTempFileName();
        using FramePool pool = new(FrameFormats.Of(order.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Desk.Tools.Value, target, order.Format, table, order.Range);
        EncoderChoice choice = EncoderChoice.Here(order.Format, order.Recipe.Encode, Desk.Tools.Value);
        using SegmentWriter writer = new(Desk.Tools.Value, path, order.Format, table, order.Range, choice);
        while (reader.Read(frame, CancellationToken.None))
        {
            writer.Write(frame);
        }

        reader.Finish();
        SegmentFacts facts = writer.Finish();
        pool.Return(frame);
        Pressed pressed = new(File.ReadAllBytes(path), facts);
        File.Delete(path);
        return pressed;
    }

    private static void Put(BlobUrl url, byte[] bytes)
    {
        string path = new Uri(url.Value).LocalPath;
        string part = Path.GetTempFileName();
        File.WriteAllBytes(part, bytes);
        // Create-only, as the worker's transfer is.
        if (!Storage.Disk.AtomicFile.TryPublish(part, path))
        {
            File.Delete(part);
        }
    }

    private sealed record Pressed(byte[] Bytes, SegmentFacts Facts);
}
