using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Reports;

namespace FaceFusion.Batch.Cli.Tests.Reports;

/// <summary>A finished job of three chunks and 300 frames with plausible figures.</summary>
internal static class SampleJob
{
    public const int Frames = 300;
    public const string Name = "holiday <b>&\" clip.mp4";

    public static FinishedJob Swap(byte[]? before = null, byte[]? after = null) =>
        new()
        {
            JobId = new Guid("6f0d4b1e-7f0a-8c44-9a54-0f6f2a1c9e11"),
            Target = Name,
            TargetSha256 = new string('a', 64),
            ResultSha256 = new string('b', 64),
            Format = Format,
            Recipe = new Recipe { Processors = [new SwapStep()] },
            Verification = new Verification(Frames, Frames, true, true, 0, ""),
            Gates =
            [
                new GateVerdict("consent", "not-configured", "No consent register is set up."),
                new GateVerdict("licence", "not-configured", "No licence classes are set up."),
                new GateVerdict("content", "not-configured", "No content classifier is set up."),
            ],
            Scan = new ScanResult
            {
                FramesScanned = 12,
                People = [Person(1, "source"), Person(2, null)],
                Warnings =
                [
                    "The source photo shows the face from the side (41°); a frontal photo gives a better result.",
                ],
            },
            ChunkReports = [.. new[] { 2, 0, 1 }.Select(i => Chunk(i, before ?? [1, 2, 3], after ?? [4, 5, 6]))],
            Chunks =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(i => new ChunkSummary(i, Range(i), 1, "local-1", 2.5, $"{i:x32}", new string('c', 64))),
            ],
            OtherStageMilliseconds = new Dictionary<string, double> { ["scan"] = 620, ["assemble"] = 210 },
            WallSeconds = 4.2,
            Models = new Dictionary<string, string>
            {
                ["face-mesh-attention"] = new string('d', 64),
                ["mobilefacenet"] = new string('e', 64),
            },
            Versions = new Dictionary<string, string> { ["ffb"] = "0.1.0", ["ffmpeg"] = "5.1.9" },
        };

    public static VideoFormat Format { get; } =
        new()
        {
            Width = 400,
            Height = 300,
            PixelFormat = "yuv420p",
            TimeBase = new Rational(1, 12800),
            FrameRate = new Rational(25, 1),
            Demuxer = "mov,mp4,m4a,3gp,3g2,mj2",
            Codec = "h264",
        };

    public static FrameRange Range(int index) => new(index * 100, (index + 1) * 100);

    private static Person Person(int number, string? identity) =>
        new()
        {
            Number = number,
            Embedding = new float[192],
            Sightings = 12 / number,
            Size = 0.4 / number,
            BestFrame = 24,
            Seen = new FrameRange(0, Frames),
            Identity = identity,
        };

    private static ChunkReport Chunk(int index, byte[] before, byte[] after)
    {
        FrameRange range = Range(index);
        IdentitySample[] samples =
        [
            .. Enumerable
                .Range(range.Start, range.Length)
                .Where(n => n % 12 == 0)
                .Select(n => new IdentitySample(
                    n,
                    1,
                    0.08f + (0.04f * MathF.Sin(n / 9f)),
                    0.66f + (0.09f * MathF.Sin(n / 17f)),
                    0.27f + (0.05f * MathF.Cos(n / 13f))
                )),
        ];
        return new ChunkReport
        {
            ChunkIndex = index,
            Range = range,
            WorkerId = "local-1",
            Device = index == 1 ? "cpu" : "cuda:0: a card",
            Encoder = "libx264, crf 18, preset veryfast",
            FrameHashes = [.. Enumerable.Range(range.Start, range.Length).Select(n => $"{n:x16}")],
            FacesFound = [.. Enumerable.Range(range.Start, range.Length).Select(n => n is > 140 and < 200 ? 2 : 1)],
            FacesFused = [.. Enumerable.Range(range.Start, range.Length).Select(n => n is > 220 and < 230 ? 0 : 1)],
            FusedByPerson = new Dictionary<int, int> { [1] = index == 2 ? 91 : 100 },
            Missed = index == 2 ? new Dictionary<int, int> { [1] = 9 } : new Dictionary<int, int>(),
            Identity = samples,
            Crops =
            [
                .. samples.OrderBy(s => s.After).Take(4).Select(s => new CropPair(s.Frame, 1, s.After, before, after)),
            ],
            StageMilliseconds = new Dictionary<string, double>
            {
                ["decode"] = 130,
                ["detect"] = 410,
                ["mesh"] = 880,
                ["embed"] = 120,
                ["fuse"] = 940 + (index * 100),
                ["hash"] = 12,
                ["encode"] = 640,
            },
            WallMilliseconds = 2400 + (index * 300),
        };
    }
}
