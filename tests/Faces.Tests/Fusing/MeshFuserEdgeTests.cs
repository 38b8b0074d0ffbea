using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>Faces that no video should have, in frames of every layout: nothing crashes and nothing is written outside the mask.</summary>
public sealed class MeshFuserEdgeTests(FusedFootage footage) : IClassFixture<FusedFootage>
{
    [Theory]
    [InlineData(1f, -200f, 0f)]
    [InlineData(1f, 150f, 100f)]
    [InlineData(1f, 0f, -160f)]
    [InlineData(1f, 5000f, 5000f)]
    [InlineData(0.2f, 30f, 30f)]
    [InlineData(0.01f, 30f, 30f)]
    [InlineData(3f, -400f, -300f)]
    public void Fuse_FaceAnywhereAtAnySize_StaysInsideItsMask(float scale, float x, float y)
    {
        MeshFuser fuser = footage.Fuser();
        footage.Show(0, footage.Frame);
        fuser.Fuse(footage.Frame, FaceCopy.Moved(footage.Faces[0], scale, x, y));
        MaskCheck.ThrowIfOutsideChanged(footage.Pictures[0], footage.Frame, fuser);
        Assert.All(fuser.Mask.ToArray(), value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void Fuse_BrokenMesh_LeavesTheFrameOrStaysInsideItsMask(float value)
    {
        MeshFuser fuser = footage.Fuser();
        TrackedFace face = FaceCopy.Of(footage.Faces[0]);
        face.Landmarks[300] = value;
        footage.Show(0, footage.Frame);
        fuser.Fuse(footage.Frame, face);
        MaskCheck.ThrowIfOutsideChanged(footage.Pictures[0], footage.Frame, fuser);
    }

    [Fact]
    public void Fuse_AllPointsAtOnePlaceOrOnALine_LeavesTheFrame()
    {
        MeshFuser fuser = footage.Fuser();
        foreach (float step in (float[])[0, 0.5f])
        {
            TrackedFace face = FaceCopy.Of(footage.Faces[0]);
            for (int i = 0; i < face.Landmarks.Length; i += 3)
            {
                face.Landmarks[i] = 100 + (i / 3 * step);
                face.Landmarks[i + 1] = 100;
                face.Landmarks[i + 2] = 0;
            }

            footage.Show(0, footage.Frame);
            fuser.Fuse(footage.Frame, face);
            MaskCheck.ThrowIfOutsideChanged(footage.Pictures[0], footage.Frame, fuser);
        }
    }

    [Fact]
    public void Fuse_OverlappingFaces_EachStaysInsideItsMask()
    {
        MeshFuser fuser = footage.Fuser();
        footage.Show(0, footage.Frame);
        fuser.Fuse(footage.Frame, footage.Faces[0]);
        byte[] between = footage.Frame.Bytes.ToArray();
        fuser.Fuse(footage.Frame, FaceCopy.Moved(footage.Faces[0], 1, 40, 10));
        Assert.True(MaskCheck.ThrowIfOutsideChanged(between, footage.Frame, fuser) > 0);
    }

    [Theory]
    [InlineData(ChromaLayout.Yuv420, 8, false)]
    [InlineData(ChromaLayout.Yuv420, 10, false)]
    [InlineData(ChromaLayout.Yuv422, 8, true)]
    [InlineData(ChromaLayout.Yuv422, 10, false)]
    [InlineData(ChromaLayout.Yuv444, 8, true)]
    [InlineData(ChromaLayout.Yuv444, 10, true)]
    public void Fuse_EveryLayout_ChangesTheFaceAndNothingElse(ChromaLayout chroma, int depth, bool fullRange)
    {
        FrameFormat format = new(401, 301, chroma, depth, YuvMatrix.Bt709, fullRange, ChromaSiting.Left);
        using FramePool pool = new(format, 1);
        Frame frame = pool.Rent(CancellationToken.None);
        Grey(frame);
        byte[] before = frame.Bytes.ToArray();
        TrackedFace face = FaceCopy.Of(footage.Faces[0]);
        face.Color = new FaceColor(120, -12, 18, 15, 3, 4);
        MeshFuser fuser = new(footage.Source, new SwapStep(), format.Matrix);
        fuser.Fuse(frame, face);
        Assert.True(MaskCheck.ThrowIfOutsideChanged(before, frame, fuser) > 1000);
        pool.Return(frame);
    }

    [Fact]
    public void Fuse_GrainyTarget_GrainFollowsTheFrameNumberAlone()
    {
        byte[] grainy = (byte[])footage.Pictures[0].Clone();
        Random random = new(5);
        for (int i = 0; i < footage.Format.LumaBytes; i++)
        {
            grainy[i] = (byte)Math.Clamp(grainy[i] + random.Next(-14, 15), 16, 235);
        }

        MeshFuser fuser = footage.Fuser();
        byte[] first = Fused(fuser, grainy, 3);
        byte[] next = Fused(fuser, grainy, 4);
        Assert.NotEqual(first, next);
        Assert.Equal(first, Fused(fuser, grainy, 3));
        Assert.Equal(next, Fused(footage.Fuser(), grainy, 4));
    }

    private byte[] Fused(MeshFuser fuser, byte[] picture, int number)
    {
        picture.CopyTo(footage.Frame.Bytes);
        footage.Frame.Number = number;
        fuser.Fuse(footage.Frame, footage.Faces[0]);
        return footage.Frame.Bytes.ToArray();
    }

    private static void Grey(Frame frame)
    {
        int middle = 1 << (frame.Format.BitDepth - 1);
        for (int plane = 0; plane < 3; plane++)
        {
            if (frame.Format.BitDepth > 8)
            {
                frame.Plane16(plane).Fill((ushort)middle);
            }
            else
            {
                frame.Plane(plane).Fill((byte)middle);
            }
        }
    }
}
