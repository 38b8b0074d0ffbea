using System.Text.Json;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class LanesTests
{
    private static readonly Recipe Swap = new()
    {
        Processors = [new SwapStep()],
        Encode = new EncodeSettings { Preset = "ultrafast" },
    };

    [Fact]
    public void Run_InLanes_SaysAndMakesTheSame()
    {
        FrameRange range = new(0, 60);
        using JobBench alone = new(Clip.Talking, Swap, null, lanes: 1, Footage.Path("SeanConnery.jpg"));
        using JobBench laned = new(Clip.Talking, Swap, null, lanes: 3, Footage.Path("SeanConnery.jpg"));
        (_, ChunkReport expected) = alone.Run(0, range, "alone", []);
        (_, ChunkReport found) = laned.Run(0, range, "laned", []);
        Assert.Equal(expected.FrameHashes, found.FrameHashes);
        Assert.Equal(Told(expected), Told(found));
        Assert.NotEmpty(found.Crops);
    }

    [Fact]
    public void Run_InBatches_FramesDoNotDependOnTheChunks()
    {
        string folder = Path.Combine(Footage.SolutionFolder(), "models");
        using FaceModels models = FaceModels.Load(folder, InferenceDevice.Open(DeviceChoice.Cpu.With(4)));
        Assert.All(models.Device.Places.Values, place => Assert.Equal(4, place.Batch));
        using JobBench job = new(Clip.Talking, Swap, models, lanes: 2, Footage.Path("SeanConnery.jpg"));
        IReadOnlyList<string> one = job.FrameHashes(job.Table.Count);
        Assert.Equal(one, job.FrameHashes(40, slots: 3));
        Assert.Contains(models.Device.Batches.Values, rounds => rounds.Skip(2).Sum() > 0);
    }

    [Theory]
    [InlineData(2, 8, false, null, 2, 2, 2)]
    [InlineData(16, 128, false, null, 16, 4, 4)]
    [InlineData(16, 128, true, null, 16, 3, 4, 32)]
    [InlineData(4, 64, true, null, 4, 12, 8, 32)]
    [InlineData(64, 256, true, null, 64, 1, 4, 64)]
    [InlineData(16, 2, false, null, 1, 16, 16)]
    [InlineData(4, 64, false, 1, 1, 4, 4)]
    [InlineData(2, 8, true, 3, 3, 16, 11, 32)]
    public void For_Machine_FillsIt(
        int cores,
        int gibibytes,
        bool isAccelerated,
        int? wanted,
        int chunks,
        int analyse,
        int fuse,
        int? together = null
    ) =>
        Assert.Equal(
            new InFlight(chunks, new LaneCounts(analyse, fuse, together)),
            InFlight.For(cores, (long)gibibytes << 30, isAccelerated, chunks: wanted)
        );

    /// <summary>What <c>ffb doctor</c> and <c>ffb fuse</c> say beside a card, whose chunks share their lanes, and without one.</summary>
    [Theory]
    [InlineData(
        true,
        "16 chunks in flight; in each, 4 lanes to find faces and 4 to fuse them (32 of all chunks at a time)"
    )]
    [InlineData(false, "16 chunks in flight; in each, 4 lanes to find faces and 4 to fuse them")]
    public void ToString_SaysWhatTheFormulaGave(bool isAccelerated, string said) =>
        Assert.Equal(said, $"{InFlight.For(16, 128L << 30, isAccelerated, findsOnCores: isAccelerated)}");

    /// <summary>All of the report but its times.</summary>
    private static string Told(ChunkReport report) =>
        JsonSerializer.Serialize(
            report with
            {
                StageMilliseconds = new Dictionary<string, double>(),
                WallMilliseconds = 0,
            }
        );
}
