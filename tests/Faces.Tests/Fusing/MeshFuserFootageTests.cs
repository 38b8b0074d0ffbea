using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Patches;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>What the swap must show on a real face.</summary>
public sealed class MeshFuserFootageTests(FusedFootage footage) : IClassFixture<FusedFootage>
{
    private const double LeastLikeSource = 0.55;
    private const double MostLikeTarget = 0.35;
    private const double MostMeshError = 0.035;
    private const double MostFlicker = 1.15;

    [Theory]
    [InlineData(FusedFootage.Bearded)]
    [InlineData(FusedFootage.Fringed)]
    [InlineData(FusedFootage.Smiling)]
    public void Fuse_MedianFrame_IsTheSourceAndNoLongerTheTarget(string photo)
    {
        (SourceFace portrait, MeshSource source) = footage.Wear(photo);
        MeshFuser fuser = new(source, new SwapStep(), footage.Format.Matrix);
        List<double> likeSource = [];
        List<double> likeTarget = [];
        List<double> meshErrors = [];
        float[] before = new float[TrackedFace.LandmarkCount * 3];
        float[] after = new float[TrackedFace.LandmarkCount * 3];
        float[] old = new float[192];
        float[] now = new float[192];
        for (int i = 0; i < footage.Faces.Count; i += 3)
        {
            TrackedFace face = footage.Faces[i];
            footage.Show(i, footage.Frame);
            footage.Analyser.FindLandmarks(footage.Frame, face.Box, before);
            footage.Analyser.Embed(footage.Frame, before, old);
            fuser.Fuse(footage.Frame, face);
            footage.Analyser.FindLandmarks(footage.Frame, face.Box, after);
            footage.Analyser.Embed(footage.Frame, after, now);
            likeSource.Add(Cosine(now, portrait.Embedding));
            likeTarget.Add(Cosine(now, old));
            meshErrors.Add(MeshError(before, after));
        }

        Assert.Multiple(
            () => Assert.InRange(Median(likeSource), LeastLikeSource, 1),
            () => Assert.InRange(Median(likeTarget), -1, MostLikeTarget),
            () => Assert.InRange(Median(meshErrors), 0, MostMeshError)
        );
    }

    [Theory]
    [InlineData(FusedFootage.Bearded)]
    [InlineData(FusedFootage.Fringed)]
    [InlineData(FusedFootage.Smiling)]
    public void Fuse_ThroughTime_DoesNotFlickerMoreThanTheTarget(string photo)
    {
        MeshFuser fuser = new(footage.Wear(photo).Source, new SwapStep(), footage.Format.Matrix);
        List<byte[]> results = [];
        List<(PixelRect Region, float[] Mask)> masks = [];
        for (int i = 0; i < footage.Faces.Count; i++)
        {
            footage.Show(i, footage.Frame);
            fuser.Fuse(footage.Frame, footage.Faces[i]);
            results.Add(footage.Frame.Bytes.ToArray());
            masks.Add((fuser.Region, fuser.Mask.ToArray()));
        }

        double own = 0;
        double fused = 0;
        for (int i = 1; i + 1 < results.Count; i++)
        {
            own += Flicker(footage.Pictures, i, masks[i]);
            fused += Flicker(results, i, masks[i]);
        }

        Assert.InRange(fused / own, 0, MostFlicker);
    }

    [Fact]
    public void Fuse_OutsideTheMask_LeavesEveryByte()
    {
        MeshFuser fuser = footage.Fuser();
        int touched = 0;
        for (int i = 0; i < footage.Faces.Count; i += 6)
        {
            footage.Show(i, footage.Frame);
            fuser.Fuse(footage.Frame, footage.Faces[i]);
            touched += MaskCheck.ThrowIfOutsideChanged(footage.Pictures[i], footage.Frame, fuser);
        }

        Assert.True(touched > 1000, "The swap must change the face.");
    }

    [Fact]
    public void Fuse_AgainAndInAnotherOrder_GivesTheSameBytes()
    {
        MeshFuser first = footage.Fuser();
        MeshFuser second = footage.Fuser();
        byte[][] forward = new byte[8][];
        for (int i = 0; i < forward.Length; i++)
        {
            footage.Show(i, footage.Frame);
            first.Fuse(footage.Frame, footage.Faces[i]);
            forward[i] = footage.Frame.Bytes.ToArray();
        }

        for (int i = forward.Length - 1; i >= 0; i--)
        {
            footage.Show(i, footage.Frame);
            second.Fuse(footage.Frame, footage.Faces[i]);
            Assert.True(footage.Frame.Bytes.SequenceEqual(forward[i]), $"Frame {i} depends on the frames before it.");
        }
    }

    [Fact]
    public void Fuse_StrengthZero_LeavesTheFrame()
    {
        MeshFuser fuser = footage.Fuser(new SwapStep { Strength = 0 });
        footage.Show(0, footage.Frame);
        fuser.Fuse(footage.Frame, footage.Faces[0]);
        Assert.True(footage.Frame.Bytes.SequenceEqual(footage.Pictures[0]));
        Assert.True(fuser.Region.IsEmpty);
    }

    [Theory]
    [InlineData(70f, 1f)]
    [InlineData(-70f, 1f)]
    [InlineData(0f, 0.4f)]
    public void Fuse_ProfileOrLostMesh_LeavesTheFrame(float yaw, float score)
    {
        MeshFuser fuser = footage.Fuser();
        footage.Show(0, footage.Frame);
        TrackedFace face = FaceCopy.Of(footage.Faces[0]);
        face.Yaw = yaw;
        face.Score = score;
        fuser.Fuse(footage.Frame, face);
        Assert.True(footage.Frame.Bytes.SequenceEqual(footage.Pictures[0]));
    }

    [Fact]
    public void Fuse_SteadyState_AllocatesNothing()
    {
        MeshFuser fuser = footage.Fuser();
        FuseAll(fuser);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FuseAll(fuser);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void FuseAll(MeshFuser fuser)
    {
        for (int i = 0; i < footage.Faces.Count; i++)
        {
            footage.Show(i, footage.Frame);
            fuser.Fuse(footage.Frame, footage.Faces[i]);
        }
    }

    /// <summary>Mean magnitude of the second difference through time, where the mask is mostly open.</summary>
    private double Flicker(IReadOnlyList<byte[]> pictures, int at, (PixelRect Region, float[] Mask) mask)
    {
        double sum = 0;
        PixelRect region = mask.Region;
        for (int y = Math.Max(region.Y, 0); y < Math.Min(region.Bottom, footage.Format.Height); y++)
        {
            for (int x = Math.Max(region.X, 0); x < Math.Min(region.Right, footage.Format.Width); x++)
            {
                if (mask.Mask[((y - region.Y) * region.Width) + x - region.X] > 0.5f)
                {
                    int i = (y * footage.Format.Width) + x;
                    sum += Math.Abs(pictures[at - 1][i] - (2 * pictures[at][i]) + pictures[at + 1][i]);
                }
            }
        }

        return sum;
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Mean distance of the mesh's points as a share of the distance between the eyes.</summary>
    private static double MeshError(float[] before, float[] after)
    {
        double sum = 0;
        for (int i = 0; i < 468; i++)
        {
            sum += Distance(before, i, after, i);
        }

        return sum / 468 / Distance(before, 468, before, 473);
    }

    private static double Distance(float[] a, int i, float[] b, int j)
    {
        double x = a[3 * i] - b[3 * j];
        double y = a[(3 * i) + 1] - b[(3 * j) + 1];
        return Math.Sqrt((x * x) + (y * y));
    }
}
