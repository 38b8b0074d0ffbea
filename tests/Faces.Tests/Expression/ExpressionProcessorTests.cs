using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Enhancing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Expression;

public sealed class ExpressionProcessorTests : IDisposable
{
    private readonly NetworkFolder _folder = new();
    private readonly ModelSessions _sessions;
    private readonly IReadOnlyList<ModelCard> _cards;

    public ExpressionProcessorTests()
    {
        byte[][] models = [ExpressionNetworks.Features(), ExpressionNetworks.Motion(), ExpressionNetworks.Tinting()];
        _cards = [.. ExpressionNetworks.Cards().Zip(models, _folder.Add)];
        _sessions = new ModelSessions(_folder.ToCatalog());
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(100, false)]
    [InlineData(0, false)]
    public void Process_FaceThatWasChanged_GetsThePointsOfTheOriginalsExpression(int factor, bool upperOnly)
    {
        // The network tells the mean of a crop as its expression: the original is brighter than what the steps ahead made of it.
        Frame original = EditedFrames.Plain(160, 160, 8, 150, 128, 128);
        Frame changed = EditedFrames.Plain(160, 160, 8, 90, 128, 128);
        FrameFaces faces = EditedFrames.Face(80, 80, 30);
        ExpressionArea[] areas = upperOnly
            ? [ExpressionArea.UpperFace]
            : [ExpressionArea.UpperFace, ExpressionArea.LowerFace];

        // Any of the three cards names the others.
        foreach (ModelCard card in _cards)
        {
            ExpressionStep step = new() { Factor = factor, Areas = areas };
            using ExpressionRestorer restorer = new(_sessions, card, step);
            ExpressionProcessor processor = new(restorer);
            processor.Remember(original, faces);
            Frame frame = EditedFrames.Plain(160, 160, 8, 90, 128, 128);
            processor.Process(frame, faces);
            (double r, double g, double b) = EditedFrames.Rgb(frame, 80, 80);

            // Red shows the points that were wanted, green those that the face has: three levels are within the rounding of crop, luma
            // and chroma.
            Assert.Equal(90 + (255 * Sum(90, 150, factor, areas)), r, 3.0);
            Assert.Equal(90 + (255 * Sum(90, 90, factor, areas)), g, 3.0);
            Assert.Equal(90, b, 3.0);
            Assert.Equal(90, frame.Plane(0)[0]);
        }

        // The numbers differ enough to tell the two apart.
        double apart = Math.Abs(Sum(90, 150, factor, areas) - Sum(90, 90, factor, areas)) * 255;
        Assert.True(factor == 0 ? apart < 0.01 : apart > 8, $"{apart:0.0} levels");
        Assert.Equal(150, original.Plane(0)[(80 * 160) + 80]);
        Assert.Equal(90, changed.Plane(0)[(80 * 160) + 80]);
    }

    [Fact]
    public void Process_FrameThatWasNotRemembered_IsRefused()
    {
        using ExpressionRestorer restorer = new(_sessions, _cards[0], new ExpressionStep());
        ExpressionProcessor processor = new(restorer);
        Frame frame = EditedFrames.Plain(160, 160, 8, 90, 128, 128);
        FrameFaces faces = EditedFrames.Face(80, 80, 30);
        Assert.Throws<InvalidOperationException>(() => processor.Process(frame, faces));
        processor.Remember(frame, faces);
        faces.Number++;
        Assert.Throws<InvalidOperationException>(() => processor.Process(frame, faces));
    }

    [Fact]
    public void Process_SelectionAndFacesWithoutLandmarks_LeavesTheOthersAlone()
    {
        Frame frame = EditedFrames.Plain(320, 160, 8, 90, 128, 128);
        FrameFaces faces = EditedFrames.Face(80, 80, 30);
        faces.Faces.Add(new TrackedFace { Person = 2 });
        faces.Faces.AddRange(EditedFrames.Face(240, 80, 30).Faces);
        faces.Faces[2].Person = 2;
        using ExpressionRestorer restorer = new(_sessions, _cards[0], new ExpressionStep());
        ExpressionProcessor processor = new(restorer, face => face.Person == 2);
        processor.Remember(frame, faces);
        processor.Process(frame, faces);
        Assert.Equal(90, frame.Plane(0)[(80 * 320) + 80]);
        Assert.NotEqual(90, frame.Plane(0)[(80 * 320) + 240]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        processor.Remember(frame, faces);
        processor.Process(frame, faces);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ExpressionRestorer_PartMissing_SaysSo()
    {
        ModelCard alone = _cards[0] with { Needs = ["motion"] };
        ModelException e = Assert.Throws<ModelException>(() =>
            new ExpressionRestorer(_sessions, alone, new ExpressionStep())
        );
        Assert.Equal("model-shape", e.Code);
    }

    /// <summary>What the generator sees of a face of level <paramref name="own"/> that shall look like one of <paramref name="wanted"/>.</summary>
    private static double Sum(int own, int wanted, int factor, ExpressionArea[] areas)
    {
        HeadMotion motion = new()
        {
            Pitch = ExpressionNetworks.Pose.Pitch,
            Yaw = ExpressionNetworks.Pose.Yaw,
            Roll = ExpressionNetworks.Pose.Roll,
            Scale = ExpressionNetworks.Scale,
        };
        ExpressionNetworks.Translation.ToArray().CopyTo(motion.Translation, 0);
        ExpressionNetworks.Calm.ToArray().CopyTo(motion.Calm, 0);
        float[] points = new float[HeadMotion.Values];
        float[] Expression(int level) => [.. ExpressionNetworks.Bright.Select(b => b * level / 255)];
        KeyPoints.Mix(Expression(own), Expression(wanted), factor, areas, points);
        KeyPoints.Place(motion, [.. points], points);
        return points.Zip(ExpressionNetworks.Weights, (p, w) => (double)p * w).Sum();
    }
}
