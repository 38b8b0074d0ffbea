using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Enhancing;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Faces.Tests.Processors;
using FaceFusion.Batch.Faces.Tests.Upscaling;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Enhancing;

/// <summary>The whole way from detector and mesh to the paste, on real people, with networks whose effect is known.</summary>
public sealed class EnhancingFootageTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);
    private readonly NetworkFolder _folder = new();
    private ModelSessions? _sessions;

    public void Dispose()
    {
        _sessions?.Dispose();
        _folder.Dispose();
        _analyser.Dispose();
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void EnhanceIdentity_TalkingMan_LeavesNoSeam(int bitDepth)
    {
        Frame original = ProcessorFrames.OneMan(bitDepth);
        Frame frame = Enhanced(original, 512, EnhancingNetworks.Identity(512));
        (double mean, double worst) = Differences(original, frame);

        // Only the resampling of the crop there and back is left: it softens single pixels of texture, and makes no step.
        Assert.True(mean < 0.5, $"{mean:0.00} levels in the mean");
        Assert.True(worst < 16, $"{worst:0.0} levels at most");
    }

    [Fact]
    public void EnhanceSharpen_TalkingMan_SharpensTheFaceAlone()
    {
        Frame original = ProcessorFrames.OneMan(8);
        FaceBox face = ProcessorFrames.Find(_analyser, original).Faces[0].Box;
        Frame frame = Enhanced(original, 256, EnhancingNetworks.Sharpen(256));
        double before = Edges(original, face);
        double after = Edges(frame, face);
        Assert.True(after > 1.3 * before, $"edges of {before:0.0} became {after:0.0}");

        // The crop is less than three faces wide: rows and columns far from it keep their bytes.
        int width = original.Format.Width;
        for (int i = 0; i < original.Format.LumaBytes; i++)
        {
            float far = Math.Max(
                Math.Abs((i % width) - face.X - (face.Width / 2)) / face.Width,
                Math.Abs((i / width) - face.Y - (face.Height / 2)) / face.Height
            );
            Assert.True(far < 1.6f || frame.Plane(0)[i] == original.Plane(0)[i]);
        }
    }

    [Fact]
    public void RestoreWithFlow_TalkingMan_MovesTheFaceAsTheNetworkWasTold()
    {
        byte[][] models = [ExpressionNetworks.Features(), ExpressionNetworks.Motion(), ExpressionNetworks.Flow()];
        ModelCard card = ExpressionNetworks.Cards().Zip(models, _folder.Add).ToArray()[0];
        _sessions = new ModelSessions(_folder.ToCatalog());
        Frame original = ProcessorFrames.OneMan(8);
        FrameFaces faces = ProcessorFrames.Find(_analyser, original);
        using ExpressionRestorer restorer = new(_sessions, card, new ExpressionStep { Factor = 80 });

        // The same expression: nothing moves.
        Frame same = ProcessorFrames.Copy(original);
        float[] own = new float[ExpressionRestorer.Length];
        Assert.True(restorer.TryRead(original, faces.Faces[0], own));
        restorer.Restore(same, faces.Faces[0], own);
        double still = Off(original, same, faces.Faces[0].Box, 0);
        Assert.True(still < 3, $"{still:0.0} levels without a movement");

        // 16 of 21 points move by 0.05 · 0.96 · 1.1, of which the network makes a hundredth of the crop's width and more.
        Frame moved = ProcessorFrames.Copy(original);
        float[] wanted = [.. own.Select((value, i) => i % 3 == 0 ? value + 0.05f : value)];
        restorer.Restore(moved, faces.Faces[0], wanted);
        int best = Enumerable.Range(-12, 25).MinBy(shift => Off(original, moved, faces.Faces[0].Box, shift));
        Assert.InRange(best, 2, 8);
        Assert.True(Off(original, moved, faces.Faces[0].Box, best) < 0.6 * Off(original, moved, faces.Faces[0].Box, 0));
    }

    [Fact]
    public void UpscaleNearest_TalkingMan_LeavesNoSeam()
    {
        ModelCard card = _folder.Add(
            UpscalingNetworks.Card("nearest", new(128, 8, 4, 2)),
            UpscalingNetworks.Nearest(128, 2)
        );
        _sessions = new ModelSessions(_folder.ToCatalog());
        Frame original = ProcessorFrames.OneMan(10);
        using FrameUpscaler upscaler = new(_sessions, card, new UpscaleStep { Blend = 100 }, original.Format);
        Frame enlarged = EnlargedFrame.New(upscaler.OutputFormat);
        upscaler.Run(original, enlarged);
        Assert.Equal(12, upscaler.Tiles);
        Assert.True(EnlargedFrame.OffFromNearest(original, enlarged, 2) < 0.51);
    }

    private Frame Enhanced(Frame original, int size, byte[] model)
    {
        ModelCard card = _folder.Add(EnhancingNetworks.Card("enhancer", size), model);
        _sessions = new ModelSessions(_folder.ToCatalog());
        using FaceEnhancer enhancer = new(_sessions, card, new EnhanceStep { Blend = 100 });
        Frame frame = ProcessorFrames.Copy(original);
        FrameFaces faces = ProcessorFrames.Find(_analyser, original);
        Assert.Single(faces.Faces);
        new EditProcessor(enhancer).Process(frame, faces);
        return frame;
    }

    /// <summary>Mean and greatest difference of luma, in levels of 8 bit.</summary>
    private static (double Mean, double Worst) Differences(Frame a, Frame b)
    {
        double sum = 0,
            worst = 0;
        int count = a.Format.Width * a.Format.Height;
        double unit = 1 << (a.Format.BitDepth - 8);
        for (int i = 0; i < count; i++)
        {
            double off = Math.Abs(EnlargedFrame.Sample(a, 0, i) - EnlargedFrame.Sample(b, 0, i)) / unit;
            sum += off;
            worst = Math.Max(worst, off);
        }

        return (sum / count, worst);
    }

    /// <summary>Mean step from a luma sample to the next within the middle of a box.</summary>
    private static double Edges(Frame frame, FaceBox box)
    {
        double sum = 0;
        int count = 0;
        foreach (int at in Middle(frame, box))
        {
            sum += Math.Abs(frame.Plane(0)[at + 1] - frame.Plane(0)[at]);
            count++;
        }

        return sum / count;
    }

    /// <summary>Mean difference of luma in the middle of a box, with one frame moved to the right.</summary>
    private static double Off(Frame original, Frame moved, FaceBox box, int shift)
    {
        double sum = 0;
        int count = 0;
        foreach (int at in Middle(original, box))
        {
            sum += Math.Abs(original.Plane(0)[at] - moved.Plane(0)[at + shift]);
            count++;
        }

        return sum / count;
    }

    private static IEnumerable<int> Middle(Frame frame, FaceBox box)
    {
        for (int y = (int)(box.Y + (box.Height * 0.3f)); y < box.Y + (box.Height * 0.7f); y++)
        {
            for (int x = (int)(box.X + (box.Width * 0.3f)); x < box.X + (box.Width * 0.7f); x++)
            {
                yield return (y * frame.Format.Width) + x;
            }
        }
    }
}
