using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Recipes that end with a larger frame, through the real pipeline, with a generated network as frame enhancer.</summary>
public sealed class UpscaledTests(UpscaledTests.Networks networks) : IClassFixture<UpscaledTests.Networks>
{
    private static readonly EncodeSettings Fast = new() { Preset = "ultrafast" };
    private static readonly UpscaleStep Twice = new() { Model = "shuffle_x2", Blend = 100 };

    private readonly FaceModels _models = networks.Models;

    [Fact]
    public async Task Upscale_Alone_IsJoinedFrameExactAtItsSize_AndNothingElse()
    {
        using JobBench job = new(Clip.Short, Recipe(Twice), _models);
        Assert.Equal(2, job.Scan.OutputScale);
        Assert.Equal(0, job.Scan.FramesScanned);
        FrameRange[] ranges = [new(0, 3), new(3, 4), new(4, job.Table.Count)];
        List<ChunkReport> reports = [];
        List<JoinSegment> segments = [];
        for (int i = 0; i < ranges.Length; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"part-{i}");
            (ChunkFused fused, ChunkReport report) = job.Run(i, ranges[i], name, []);
            reports.Add(report);
            segments.Add(new JoinSegment(ranges[i], job.InFolder(name + ".mp4"), fused.HeaderSha256));

            // Nobody asked for faces, so nobody looked for any.
            Assert.False(fused.Analysed);
            Assert.All(report.FacesFound, found => Assert.Equal(0, found));
        }

        (_, ChunkReport whole) = job.Run(0, new FrameRange(0, job.Table.Count), "whole", []);
        Assert.Equal(whole.FrameHashes, [.. reports.SelectMany(r => r.FrameHashes)]);

        JoinOrder order = new()
        {
            Target = Clip.Short,
            Video = new VideoProbe(JobBench.Tools).Read(Clip.Short),
            Table = job.Table,
            Scale = 2,
            Segments = segments,
            Output = job.InFolder("result.mp4"),
            ScratchFolder = job.InFolder(""),
        };
        Verification verified = (
            await new SegmentJoiner(JobBench.Tools).JoinAsync(order, TestContext.Current.CancellationToken)
        ).Verification;
        Assert.Equal((job.Table.Count, true), (verified.FramesFound, verified.TimestampsEqual));
        VideoFormat target = new VideoProbe(JobBench.Tools).Read(Clip.Short).Format;
        VideoFormat result = new VideoProbe(JobBench.Tools).Read(order.Output).Format;
        Assert.Equal((2 * target.Width, 2 * target.Height), (result.Width, result.Height));

        // Who expects another size does not take it.
        MediaToolException e = await Assert.ThrowsAsync<MediaToolException>(() =>
            new SegmentJoiner(JobBench.Tools).JoinAsync(
                order with
                {
                    Scale = 1,
                    Output = job.InFolder("refused.mp4"),
                },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("result-not-exact", e.Code);
        Assert.False(File.Exists(job.InFolder("refused.mp4")));
    }

    [Fact]
    public void Upscale_AfterASwap_IsTheSameHoweverItIsCut_AndSeesTheSwap()
    {
        Recipe recipe = Recipe(new SwapStep(), Twice);
        using JobBench job = new(Clip.Short, recipe, _models, Footage.Path("SeanConnery.jpg"));
        (ChunkFused fused, ChunkReport whole) = job.Run(0, new FrameRange(0, 6), "whole", []);
        (_, ChunkReport first) = job.Run(0, new FrameRange(0, 2), "first", []);
        (_, ChunkReport second) = job.Run(1, new FrameRange(2, 6), "second", []);

        Assert.Equal(whole.FrameHashes, [.. first.FrameHashes, .. second.FrameHashes]);
        Assert.True(fused.Analysed);
        Assert.All(whole.FacesFused, count => Assert.Equal(1, count));
        Assert.Contains("shuffle_x2", job.Scanned.Models.Keys);

        // Likeness is measured in the frame before it is enlarged: the face lies where it was found.
        Assert.NotEmpty(whole.Identity);
        Assert.All(whole.Identity, sample => Assert.True(sample.After > sample.Before, $"{sample}"));
        using JobBench alone = new(Clip.Short, Recipe(Twice), _models);
        (_, ChunkReport unswapped) = alone.Run(0, new FrameRange(0, 4), "unswapped", []);
        Assert.Empty(whole.FrameHashes.Intersect(unswapped.FrameHashes));
    }

    [Fact]
    public void Upscale_ToTheTargetsOwnSize_KeepsIt()
    {
        using JobBench job = new(Clip.Short, Recipe(Twice with { OutputScale = 1 }), _models);
        _ = job.Run(0, new FrameRange(0, 3), "same", []);
        VideoFormat segment = new VideoProbe(JobBench.Tools).Read(job.InFolder("same.mp4")).Format;

        Assert.Equal(1, job.Scan.OutputScale);
        Assert.Equal((400, 300), (segment.Width, segment.Height));
    }

    [Theory]
    [InlineData("gfpgan_1.4", null, "recipe-model")]
    [InlineData("shuffle_x2", 4, "recipe-value")]
    public void Upscale_ByWhatDoesNotEnlargeSo_IsRefusedByTheScan(string model, int? scale, string code)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            new JobBench(Clip.Short, Recipe(new UpscaleStep { Model = model, OutputScale = scale }), _models)
        );

        Assert.Equal(code, e.Code);
        Assert.Contains(model, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Upscale_ByACatalogueThatSaysOtherwiseThanTheScans_IsNoChunkOfTheJob()
    {
        using JobBench job = new(Clip.Short, Recipe(Twice), _models);
        string scan = File.ReadAllText(job.InFolder("scan.json"));
        File.WriteAllText(job.InFolder("scan.json"), scan.Replace("\"outputScale\":2", "\"outputScale\":4"));
        ModelException e = Assert.Throws<ModelException>(() => job.Run(0, new FrameRange(0, 4), "other", []));

        Assert.Equal("pipeline-differs", e.Code);
    }

    private static Recipe Recipe(params ProcessorStep[] steps) => new() { Processors = steps, Encode = Fast };

    /// <summary>Loaded once for the tests of this class.</summary>
    public sealed class Networks : IDisposable
    {
        private readonly NetworkFolder _folder = new();

        public Networks()
        {
            _folder.Add(
                UpscalingNetworks.Card("shuffle_x2", new(128, 8, 4, 2)),
                UpscalingNetworks.PixelShuffle(128, 2)
            );
            _folder.Add(EnhancingNetworks.Card("gfpgan_1.4", 512), EnhancingNetworks.Identity(512));
            _folder.AddBuiltIn(Path.Combine(Footage.SolutionFolder(), "models"));
            Models = FaceModels.Load(_folder.ToCatalog());
        }

        public FaceModels Models { get; }

        public void Dispose()
        {
            Models.Dispose();
            _folder.Dispose();
        }
    }
}
