using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tests.Processors;

/// <summary>Real frames for processors, in several formats.</summary>
internal static class ProcessorFrames
{
    /// <summary>A frame of the talking man as 4:2:0 of 8 or 10 bit, limited range.</summary>
    public static Frame OneMan(int bitDepth)
    {
        FrameFormat format = TestClip.OneMan.Format;
        Frame eight = new FramePool(format, 1).Rent(CancellationToken.None);
        TestClip.OneMan.Load(10, eight);
        return bitDepth == 8 ? eight : ToTenBit(eight);
    }

    public static Frame Copy(Frame frame)
    {
        Frame copy = new FramePool(frame.Format, 1).Rent(CancellationToken.None);
        frame.Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    /// <summary>The faces that the analyser finds, each with its mesh.</summary>
    public static FrameFaces Find(FrameAnalyser analyser, Frame frame)
    {
        FaceBox[] boxes = new FaceBox[64];
        int count = analyser.Detect(frame, boxes, thorough: true);
        FrameFaces faces = new();
        for (int i = 0; i < count; i++)
        {
            TrackedFace face = new()
            {
                Box = boxes[i],
                Person = i + 1,
                TrackId = i,
            };
            face.Score = analyser.FindLandmarks(frame, boxes[i], face.Landmarks);
            face.HasLandmarks = true;
            faces.Faces.Add(face);
        }

        return faces;
    }

    private static Frame ToTenBit(Frame eight)
    {
        Frame ten = new FramePool(eight.Format with { BitDepth = 10 }, 1).Rent(CancellationToken.None);
        for (int plane = 0; plane < 3; plane++)
        {
            Span<byte> from = eight.Plane(plane);
            Span<ushort> to = ten.Plane16(plane);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = (ushort)(from[i] << 2);
            }
        }

        return ten;
    }
}
