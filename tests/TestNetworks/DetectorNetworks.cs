using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>A face that a generated detector answers with, in pixels of its canvas.</summary>
/// <param name="Points">x, y of left eye, right eye, nose tip, left and right mouth corner.</param>
public sealed record PlacedFace(float Left, float Top, float Right, float Bottom, float Score, float[] Points);

/// <summary>The mean of each plane of its input, in the order and the range in which it comes, that a generated network wants to see.</summary>
/// <param name="Means">Three.</param>
/// <param name="Tolerance">Scores fall to 0 where any plane's mean is so far off.</param>
public sealed record ExpectedInput(float[] Means, float Tolerance);

/// <summary>
/// Detectors with the inputs and outputs of FaceFusion's, whose weights are the answer: the same faces for each picture, with scores that
/// fall where the input is not as expected.
/// </summary>
public static class DetectorNetworks
{
    private static readonly int[] Strides = [8, 16, 32];

    /// <summary>RetinaFace and SCRFD: nine outputs. Faces go to the grid of stride 8, 16 or 32 in turn and to the first or second anchor of a cell in turn.</summary>
    /// <param name="isOpen">Height, width and counts are open dimensions, as exports for several sizes have them.</param>
    public static byte[] Anchors(
        int size,
        IReadOnlyList<PlacedFace> faces,
        ExpectedInput? expected = null,
        bool isOpen = true
    )
    {
        OnnxBuilder net = new();
        OnnxDimension edge = isOpen ? OnnxDimension.Open("edge") : size;
        string input = net.Input("input", OnnxType.Float, 1, 3, edge, edge);
        string factor = Factor(net, input, expected);
        float[][] scores = Grids(size, 2, 1);
        float[][] boxes = Grids(size, 2, 4);
        float[][] points = Grids(size, 2, 10);
        for (int i = 0; i < faces.Count; i++)
        {
            PlacedFace face = faces[i];
            int grid = i % 3;
            float stride = Strides[grid];
            (int cell, float x, float y) = Cell(face, size, Strides[grid]);
            int anchor = (2 * cell) + (i % 2);
            scores[grid][anchor] = face.Score;
            float[] box = [x - face.Left, y - face.Top, face.Right - x, face.Bottom - y];
            box.Select(v => v / stride).ToArray().CopyTo(boxes[grid], 4 * anchor);
            Offsets(face, x, y, stride).CopyTo(points[grid], 10 * anchor);
        }

        for (int grid = 0; grid < 3; grid++)
        {
            string value = net.Node("Mul", [net.Constant([scores[grid].Length, 1], scores[grid]), factor]);
            net.Output($"score_{Strides[grid]}", value, OnnxType.Float, Count(scores[grid].Length, isOpen), 1);
        }

        Constants(net, "bbox", boxes, 4, isOpen, hasBatch: false);
        Constants(net, "kps", points, 10, isOpen, hasBatch: false);
        return net.ToBytes("anchors");
    }

    /// <summary>YOLO-Face: one output of 20 rows over all cells; each face in the cell with its own number.</summary>
    public static byte[] Yolo(int size, IReadOnlyList<PlacedFace> faces, ExpectedInput? expected = null)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, size, size);
        string factor = Factor(net, input, expected);
        int cells = Strides.Sum(stride => size / stride * (size / stride));
        float[] values = new float[20 * cells];
        for (int i = 0; i < faces.Count; i++)
        {
            PlacedFace face = faces[i];
            float[] column =
            [
                (face.Left + face.Right) / 2,
                (face.Top + face.Bottom) / 2,
                face.Right - face.Left,
                face.Bottom - face.Top,
                face.Score,
                .. Enumerable
                    .Range(0, 5)
                    .SelectMany(p => new[] { face.Points[2 * p], face.Points[(2 * p) + 1], 0.25f }),
            ];
            for (int row = 0; row < 20; row++)
            {
                values[(row * cells) + i] = column[row];
            }
        }

        // Only the row of scores depends on the picture.
        float[] isScore = [.. Enumerable.Range(0, 20).Select(row => row == 4 ? 1f : 0)];
        float[] isOther = [.. isScore.Select(v => 1 - v)];
        string rows = net.Node(
            "Add",
            [net.Node("Mul", [net.Constant([1, 20, 1], isScore), factor]), net.Constant([1, 20, 1], isOther)]
        );
        string output = net.Node("Mul", [net.Constant([1, 20, cells], values), rows]);
        net.Output("output", output, OnnxType.Float, 1, 20, cells);
        return net.ToBytes("yolo-face");
    }

    /// <summary>YuNet: twelve outputs. Faces go to the grid of stride 8, 16 or 32 in turn.</summary>
    public static byte[] Yunet(int size, IReadOnlyList<PlacedFace> faces, ExpectedInput? expected = null)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, size, size);
        string factor = Factor(net, input, expected);
        float[][] classes = Grids(size, 1, 1);
        float[][] objects = Grids(size, 1, 1);
        float[][] boxes = Grids(size, 1, 4);
        float[][] points = Grids(size, 1, 10);
        for (int i = 0; i < faces.Count; i++)
        {
            PlacedFace face = faces[i];
            int grid = i % 3;
            float stride = Strides[grid];
            (int cell, float x, float y) = Cell(face, size, Strides[grid]);

            // Neither of the two is the score.
            objects[grid][cell] = 0.96f;
            classes[grid][cell] = face.Score / 0.96f;
            float[] box =
            [
                (((face.Left + face.Right) / 2) - x) / stride,
                (((face.Top + face.Bottom) / 2) - y) / stride,
                MathF.Log((face.Right - face.Left) / stride),
                MathF.Log((face.Bottom - face.Top) / stride),
            ];
            box.CopyTo(boxes[grid], 4 * cell);
            Offsets(face, x, y, stride).CopyTo(points[grid], 10 * cell);
        }

        for (int grid = 0; grid < 3; grid++)
        {
            string value = net.Node("Mul", [net.Constant([1, classes[grid].Length, 1], classes[grid]), factor]);
            net.Output($"cls_{Strides[grid]}", value, OnnxType.Float, 1, classes[grid].Length, 1);
        }

        Constants(net, "obj", objects, 1, isOpen: false, hasBatch: true);
        Constants(net, "bbox", boxes, 4, isOpen: false, hasBatch: true);
        Constants(net, "kps", points, 10, isOpen: false, hasBatch: true);
        return net.ToBytes("yunet");
    }

    /// <summary>One number: 1 where the input is as expected, falling to 0 where a plane's mean is as far off as tolerated.</summary>
    internal static string Factor(OnnxBuilder net, string input, ExpectedInput? expected)
    {
        string means = net.Node(
            "ReduceMean",
            [input],
            OnnxAttribute.OfMany("axes", 2, 3),
            OnnxAttribute.Of("keepdims", 0L)
        );
        string error = net.Node(
            "ReduceMax",
            [net.Node("Abs", [net.Node("Sub", [means, net.Constant([1, 3], expected?.Means ?? new float[3])])])],
            OnnxAttribute.Of("keepdims", 0L)
        );
        string share = net.Node("Mul", [error, net.Scalar(expected is null ? 0 : -1 / expected.Tolerance)]);
        return net.Node("Clip", [net.Node("Add", [share, net.Scalar(1)]), net.Scalar(0), net.Scalar(1)]);
    }

    private static void Constants(OnnxBuilder net, string name, float[][] grids, int width, bool isOpen, bool hasBatch)
    {
        for (int grid = 0; grid < 3; grid++)
        {
            int count = grids[grid].Length / width;
            long[] shape = hasBatch ? [1, count, width] : [count, width];
            OnnxDimension[] told = [.. shape.Select(length => (OnnxDimension)length)];
            told[^2] = Count(count, isOpen);
            net.Output($"{name}_{Strides[grid]}", net.Constant(shape, grids[grid]), OnnxType.Float, told);
        }
    }

    private static OnnxDimension Count(int count, bool isOpen) => isOpen ? OnnxDimension.Open("") : count;

    private static float[][] Grids(int size, int anchors, int width) =>
        [.. Strides.Select(stride => new float[size / stride * (size / stride) * anchors * width])];

    /// <summary>The cell under the middle of the box, and its corner.</summary>
    private static (int Cell, float X, float Y) Cell(PlacedFace face, int size, int stride)
    {
        int cells = size / stride;
        int column = Math.Clamp((int)((face.Left + face.Right) / 2 / stride), 0, cells - 1);
        int row = Math.Clamp((int)((face.Top + face.Bottom) / 2 / stride), 0, cells - 1);
        return ((row * cells) + column, column * stride, row * stride);
    }

    private static float[] Offsets(PlacedFace face, float x, float y, float stride) =>
        [.. face.Points.Select((v, i) => (v - (i % 2 == 0 ? x : y)) / stride)];
}
