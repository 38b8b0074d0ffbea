using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.TestNetworks;

namespace FaceFusion.Batch.Faces.Tests.Finding;

/// <summary>Networks that answer with the face of one photo: its place is measured with the built-in detector and mesh.</summary>
internal static class PortraitNetworks
{
    private static readonly Dictionary<string, (Frame Photo, FaceBox Box, float[] Five)> Measured = [];

    /// <summary>An upright photo, the box of its face, and x, y of its five points by the built-in mesh.</summary>
    public static (Frame Photo, FaceBox Box, float[] Five) Measure(FrameAnalyser analyser, string name)
    {
        lock (Measured)
        {
            if (!Measured.TryGetValue(name, out var measured))
            {
                FaceBox[] boxes = new FaceBox[64];
                Frame photo = TestClip.Photo(name);
                analyser.Detect(photo, boxes, thorough: false);
                measured = (photo, boxes[0], FivePoints(analyser, photo, boxes[0]));
                Measured[name] = measured;
            }

            return measured;
        }
    }

    /// <summary>x, y of the five points of the face in this box.</summary>
    public static float[] FivePoints(FrameAnalyser analyser, Frame photo, FaceBox box)
    {
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        analyser.FindLandmarks(photo, box, xyz);
        float[] five = new float[10];
        (int A, int B)[] middles = [(33, 133), (263, 362), (1, 1), (61, 61), (291, 291)];
        for (int i = 0; i < middles.Length; i++)
        {
            (int a, int b) = middles[i];
            five[2 * i] = (xyz[3 * a] + xyz[3 * b]) / 2;
            five[(2 * i) + 1] = (xyz[(3 * a) + 1] + xyz[(3 * b) + 1]) / 2;
        }

        return five;
    }

    /// <summary>The photo turned clockwise by a right angle.</summary>
    public static Frame Turn(Frame photo, int angle)
    {
        (int width, int height) = (photo.Format.Width, photo.Format.Height);
        return FindingGoldens.ColorFrame(
            angle is 90 or 270 ? height : width,
            angle is 90 or 270 ? width : height,
            (x, y) =>
            {
                (int left, int top) = angle switch
                {
                    90 => (y, height - 1 - x),
                    180 => (width - 1 - x, height - 1 - y),
                    270 => (width - 1 - y, x),
                    _ => (x, y),
                };
                int at = (top * width) + left;
                return (photo.Plane(0)[at], photo.Plane(1)[at], photo.Plane(2)[at]);
            }
        );
    }

    /// <summary>A folder whose detectors and landmark networks answer with this face of an upright photo.</summary>
    public static NetworkFolder Folder(Frame photo, FaceBox box, float[] five)
    {
        // The canvas of 640 is the photo made smaller, never larger.
        float scale = MathF.Max(1, Math.Max(photo.Format.Width, photo.Format.Height) / 640f);
        PlacedFace placed = new(
            box.X / scale,
            box.Y / scale,
            (box.X + box.Width) / scale,
            (box.Y + box.Height) / scale,
            0.875f,
            [.. five.Select(v => v / scale)]
        );
        NetworkFolder folder = new();
        folder.Add(FindingCards.Retinaface, DetectorNetworks.Anchors(640, [placed]));
        folder.Add(FindingCards.Scrfd, DetectorNetworks.Anchors(640, [placed with { Score = 0.8f }]));
        folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, [placed with { Score = 0.7f }]));
        folder.Add(FindingCards.Yunet, DetectorNetworks.Yunet(640, [placed]));
        float[] cells = InCrop(box, five);
        folder.Add(FindingCards.Fan, LandmarkNetworks.Fan(cells, FindingNetworks.Same(0.81f)));
        folder.Add(FindingCards.Peppa, LandmarkNetworks.Peppa(cells, FindingNetworks.Same(0.76f)));
        folder.Add(FindingCards.Expander, LandmarkNetworks.Expander());
        folder.Add(FindingCards.Arcface, RecognitionNetworks.Arcface());
        folder.Add(FindingCards.Fairface, RecognitionNetworks.Fairface(race: 0, gender: 0, age: 3));
        return folder;
    }

    /// <summary>The plain face, laid on the five points, in cells of the upright landmark crop.</summary>
    private static float[] InCrop(FaceBox box, float[] five)
    {
        AffineMatrix toFrame = FaceTemplate.Ffhq512.CropToFrame(five, 1);
        AffineMatrix toCrop = LandmarkCrop.CropToFrame(box, 0).Invert();
        float[] xy = LandmarkNetworks.PlainFace();
        for (int i = 0; i < xy.Length; i += 2)
        {
            (float x, float y) = toFrame.Apply(xy[i], xy[i + 1]);
            (xy[i], xy[i + 1]) = toCrop.Apply(x, y);
        }

        return [.. xy.Select(v => v / 4)];
    }
}
