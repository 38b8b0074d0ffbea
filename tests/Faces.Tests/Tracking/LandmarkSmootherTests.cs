using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Tracking;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Tracking;

public sealed class LandmarkSmootherTests
{
    private const int Frames = 15;
    private const int Middle = 7;
    private const int Cheek = 50;
    private const int UpperLid = 159;

    [Fact]
    public void Smooth_SteadyMotion_ChangesNothing()
    {
        float[] smooth = Smooth(Chain((frame, _) => frame * 3.5f), Middle);

        Assert.Equal(Place(Cheek, Middle * 3.5f), smooth[(3 * Cheek) + 1], 0.01f);
    }

    [Fact]
    public void Smooth_Jitter_IsTakenAway()
    {
        float[] smooth = Smooth(Chain((frame, _) => frame % 2 == 0 ? 0.3f : -0.3f), Middle);

        Assert.InRange(MathF.Abs(smooth[(3 * Cheek) + 1] - Place(Cheek, 0)), 0, 0.15f);
    }

    [Fact]
    public void Smooth_Blink_KeepsItsDepth()
    {
        // The lid falls by 4 of 60 pixels eye distance for one frame.
        float[] smooth = Smooth(Chain((frame, point) => frame == Middle && point == UpperLid ? 4 : 0), Middle);

        Assert.Equal(Place(UpperLid, 4), smooth[(3 * UpperLid) + 1], 0.1f);
    }

    [Fact]
    public void Smooth_ChainEnds_UsesNoLopsidedWindow()
    {
        List<Sighting> chain = Chain((frame, _) => frame * frame * 0.1f);

        Assert.Equal(chain[0].Landmarks, Smooth(chain, 0));
        Assert.Equal(chain[^1].Landmarks, Smooth(chain, Frames - 1));
    }

    [Fact]
    public void Smooth_RealFootage_HalvesTheJitterAndKeepsTheMouth()
    {
        var rough = new List<float[]>();
        var smooth = new List<float[]>();
        var recipe = new Recipe { Processors = [new SwapStep()] };
        Recipe without = recipe with { Tracking = recipe.Tracking with { SmoothRadius = 0 } };
        new AnalysisRun(TestClip.OneMan, without) { OnFaces = f => rough.Add([.. f.Faces[0].Landmarks]) }.Run(300);
        new AnalysisRun(TestClip.OneMan, recipe) { OnFaces = f => smooth.Add([.. f.Faces[0].Landmarks]) }.Run(300);

        Assert.True(Jitter(smooth) < 0.5 * Jitter(rough), $"{Jitter(smooth)} of {Jitter(rough)} px");
        double[] mouthBefore = [.. rough.Select(MouthOpening)];
        double[] mouthAfter = [.. smooth.Select(MouthOpening)];
        Assert.True(Deviation(mouthAfter) > 0.97 * Deviation(mouthBefore), "the mouth opens as far");
        double range = mouthBefore.Max() - mouthBefore.Min();
        Assert.All(mouthBefore.Zip(mouthAfter), p => Assert.InRange(p.Second - p.First, -0.06 * range, 0.06 * range));
    }

    private static float[] Smooth(List<Sighting> chain, int at)
    {
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        new LandmarkSmoother(3).Smooth(chain[at], xyz);
        return xyz;
    }

    private static float Place(int point, float shift) => (point % 17 * 10) + shift;

    /// <summary>Points with 60 pixels between the eyes, moved in y.</summary>
    private static List<Sighting> Chain(Func<int, int, float> shift)
    {
        List<Sighting> chain = [];
        for (int frame = 0; frame < Frames; frame++)
        {
            var sighting = new Sighting { HasMesh = true, MeshScore = 1 };
            for (int point = 0; point < TrackedFace.LandmarkCount; point++)
            {
                sighting.Landmarks[3 * point] = point == 263 ? 60 : 0;
                sighting.Landmarks[(3 * point) + 1] = Place(point is 33 or 263 ? 0 : point, shift(frame, point));
            }

            if (frame > 0)
            {
                sighting.Previous = chain[^1];
                chain[^1].Next = sighting;
            }

            chain.Add(sighting);
        }

        return chain;
    }

    /// <summary>Mean length of the second difference in time, in pixels.</summary>
    private static double Jitter(List<float[]> meshes)
    {
        double sum = 0;
        int count = 0;
        for (int frame = 1; frame + 1 < meshes.Count; frame++)
        {
            for (int i = 0; i < CanonicalMesh.VertexCount * 3; i += 3)
            {
                double x = meshes[frame - 1][i] - (2 * meshes[frame][i]) + meshes[frame + 1][i];
                double y = meshes[frame - 1][i + 1] - (2 * meshes[frame][i + 1]) + meshes[frame + 1][i + 1];
                sum += Math.Sqrt((x * x) + (y * y));
                count++;
            }
        }

        return sum / count;
    }

    private static double MouthOpening(float[] mesh) =>
        Math.Sqrt(Math.Pow(mesh[39] - mesh[42], 2) + Math.Pow(mesh[40] - mesh[43], 2));

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
