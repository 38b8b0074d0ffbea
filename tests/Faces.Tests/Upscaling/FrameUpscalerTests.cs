using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Upscaling;

public sealed class FrameUpscalerTests : IDisposable
{
    private static readonly UpscaleStep Whole = new() { Blend = 100 };

    private readonly NetworkFolder _folder = new();
    private readonly List<ModelSessions> _opened = [];

    public void Dispose()
    {
        _opened.ForEach(s => s.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Run_NetThatEnlargesNearest_GivesTheWholeFrameWithoutSeams(int scale)
    {
        // An odd frame over several tiles, whose last ones are partial.
        ModelCard card = Add($"nearest-{scale}", new(16, 3, 2, scale), UpscalingNetworks.Nearest(16, scale));
        ModelSessions sessions = Sessions();
        foreach (FrameFormat format in Formats(45, 31).Where((_, i) => scale < 8 || i % 4 == 0))
        {
            using FrameUpscaler upscaler = new(sessions, card, Whole, format);
            Assert.Equal(scale, upscaler.Scale);
            Assert.Equal(format with { Width = 45 * scale, Height = 31 * scale }, upscaler.OutputFormat);
            Frame source = EnlargedFrame.Picture(format);
            source.Number = 77;
            Frame enlarged = EnlargedFrame.New(upscaler.OutputFormat);
            enlarged.Bytes.Fill(0x5A);
            upscaler.Run(source, enlarged);
            Assert.Equal(77, enlarged.Number);

            // Half a sample of rounding, and what floats lose.
            double off = EnlargedFrame.OffFromNearest(source, enlarged, scale);
            Assert.True(off < 0.51, $"{format} is off by {off:0.00} samples");
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 50)]
    [InlineData(4, 80)]
    public void Run_NetThatKnowsTheTile_IsTiledMergedAndBlendedAsTheGolden(int scale, int blend)
    {
        FrameFormat format = new(29, 23, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center);
        ModelCard card = Add($"ramp-{scale}", new(16, 3, 2, scale), UpscalingNetworks.Ramp(16, scale, 0.2f));
        using FrameUpscaler upscaler = new(Sessions(), card, new UpscaleStep { Blend = blend }, format);
        Frame source = EnlargedFrame.New(format);
        EnhancingGolden.Bytes("tiles-source.bin").CopyTo(source.Bytes);
        Frame enlarged = EnlargedFrame.New(upscaler.OutputFormat);
        upscaler.Run(source, enlarged);
        double[] golden = EnhancingGolden.Samples($"tiles-x{scale}-{blend}.bin");
        Assert.Equal(golden.Length, enlarged.Bytes.Length);
        for (int i = 0; i < golden.Length; i++)
        {
            // Half a sample of rounding, and what floats and the golden's steps of 1/256 lose.
            Assert.Equal(golden[i], enlarged.Bytes[i], 0.51);
        }
    }

    [Fact]
    public void Run_BatchOpenOrFixed_GivesTheSameBytes()
    {
        FrameFormat format = Formats(61, 45).First();
        ModelTiles tiles = new(16, 3, 2, 2);
        ModelCard open = Add("open", tiles, UpscalingNetworks.PixelShuffle(16, 2));
        ModelCard one = Add("one", tiles, UpscalingNetworks.PixelShuffle(16, 2, batch: 1));
        ModelCard three = Add("three", tiles, UpscalingNetworks.PixelShuffle(16, 2, batch: 3));
        ModelSessions sessions = Sessions();
        Frame source = EnlargedFrame.Picture(format);
        byte[]? first = null;
        foreach (
            (ModelCard card, int batch) in (ReadOnlySpan<(ModelCard, int)>)[(open, 8), (open, 1), (one, 8), (three, 8)]
        )
        {
            using FrameUpscaler upscaler = new(sessions, card, new UpscaleStep(), format, batch);
            Assert.Equal(24, upscaler.Tiles);
            Frame enlarged = EnlargedFrame.New(upscaler.OutputFormat);
            upscaler.Run(source, enlarged);
            first ??= enlarged.Bytes.ToArray();
            Assert.Equal(first, enlarged.Bytes.ToArray());
        }
    }

    [Fact]
    public void Run_OutputScaleBelowTheModels_ShrinksByMeans()
    {
        ModelCard card = Add("nearest-4", new(16, 3, 2, 4), UpscalingNetworks.Nearest(16, 4));
        ModelSessions sessions = Sessions();
        foreach (FrameFormat format in Formats(45, 31))
        {
            foreach (int scale in (int[])[1, 2])
            {
                using FrameUpscaler upscaler = new(sessions, card, Whole with { OutputScale = scale }, format);
                Assert.Equal(scale, upscaler.Scale);
                Frame source = EnlargedFrame.Picture(format);
                Frame shrunk = EnlargedFrame.New(upscaler.OutputFormat);
                upscaler.Run(source, shrunk);
                double off = EnlargedFrame.OffFromNearest(source, shrunk, scale);
                Assert.True(off < 0.51, $"{format} ×{scale} is off by {off:0.00} samples");
            }
        }
    }

    [Fact]
    public void Run_Again_AllocatesNothing()
    {
        FrameFormat format = Formats(61, 45).First();
        ModelCard card = Add("nearest-4", new(16, 3, 2, 4), UpscalingNetworks.Nearest(16, 4));
        using FrameUpscaler upscaler = new(Sessions(), card, new UpscaleStep { OutputScale = 2 }, format);
        Frame source = EnlargedFrame.Picture(format);
        Frame enlarged = EnlargedFrame.New(upscaler.OutputFormat);
        upscaler.Run(source, enlarged);
        upscaler.Run(source, enlarged);
        long before = GC.GetAllocatedBytesForCurrentThread();
        upscaler.Run(source, enlarged);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void FrameUpscaler_CardOrStepThatDoesNotFit_SaysSo()
    {
        FrameFormat format = Formats(61, 45).First();
        ModelCard two = Add("two", new(16, 3, 2, 2), UpscalingNetworks.Nearest(16, 2));
        ModelCard wrongScale = Add("wrong-scale", new(16, 3, 2, 4), UpscalingNetworks.Nearest(16, 2));
        ModelCard wrongSize = Add("wrong-size", new(32, 3, 2, 2), UpscalingNetworks.Nearest(16, 2));
        ModelSessions sessions = Sessions();
        Assert.Equal(
            "recipe-value",
            Assert
                .Throws<InvalidRecipeException>(() =>
                    new FrameUpscaler(sessions, two, new UpscaleStep { OutputScale = 4 }, format)
                )
                .Code
        );
        foreach (ModelCard card in (ModelCard[])[wrongScale, wrongSize])
        {
            ModelException e = Assert.Throws<ModelException>(() => new FrameUpscaler(sessions, card, Whole, format));
            Assert.Equal("model-shape", e.Code);
        }

        Assert.Equal(
            "model-catalog",
            Assert.Throws<ModelException>(() => FrameUpscaler.FormatOf(two with { Tiles = null }, Whole, format)).Code
        );
        using FrameUpscaler upscaler = new(sessions, two, Whole, format);
        Frame frame = EnlargedFrame.New(format);
        Assert.Throws<ArgumentException>(() => upscaler.Run(frame, frame));
    }

    private ModelCard Add(string id, ModelTiles tiles, byte[] model) =>
        _folder.Add(UpscalingNetworks.Card(id, tiles), model);

    private ModelSessions Sessions()
    {
        ModelSessions sessions = new(_folder.ToCatalog());
        _opened.Add(sessions);
        return sessions;
    }

    /// <summary>Each layout at 8 and 10 bit; sitings, ranges and matrices take turns.</summary>
    private static IEnumerable<FrameFormat> Formats(int width, int height)
    {
        int turn = 0;
        foreach (int depth in (int[])[8, 10])
        {
            foreach (ChromaLayout chroma in Enum.GetValues<ChromaLayout>())
            {
                for (int siting = 0; siting < (chroma == ChromaLayout.Yuv444 ? 1 : 3); siting++, turn++)
                {
                    yield return new(
                        width,
                        height,
                        chroma,
                        depth,
                        (YuvMatrix)(turn % 3),
                        turn % 2 == 0,
                        (ChromaSiting)siting
                    );
                }
            }
        }
    }
}
