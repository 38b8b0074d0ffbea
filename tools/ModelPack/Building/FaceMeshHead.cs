using FaceFusion.Batch.ModelPack.Converting;
using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>
/// Joins the outputs of the attention face mesh (coarse mesh, lips, eyes, irises) into one [N, 478, 3] tensor, as MediaPipe's
/// LandmarksRefinementCalculator does: lips and eyes replace x and y and leave z; an iris takes the mean z of its eye's outline.
/// </summary>
internal static class FaceMeshHead
{
    public const string Landmarks = "landmarks";
    public const string Score = "score";
    public const int PointCount = 478;

    private const int CoarseCount = 468;
    private const int IrisCount = 5;

    // Outlines of the eye on the left and on the right of the picture, from MediaPipe's tensors_to_face_landmarks_with_attention.
    private static readonly int[] LeftOutline =
    [
        33,
        7,
        163,
        144,
        145,
        153,
        154,
        155,
        133,
        246,
        161,
        160,
        159,
        158,
        157,
        173,
    ];
    private static readonly int[] RightOutline =
    [
        .. new[] { 263, 249, 390, 373, 374, 380, 381, 382 },
        .. new[] { 362, 466, 388, 387, 386, 385, 384, 398 },
    ];

    public static void Add(Conversion conversion)
    {
        OnnxGraph graph = conversion.Graph;
        int[][] subsets = RefinedPoints(conversion.Model);
        string coarse = Points(conversion, "output_mesh_identity", 3);
        string xy = graph.Add(
            "Concat",
            [
                Gather(graph, coarse, 2, 0, 1),
                Points(conversion, "output_lips", 2),
                Points(conversion, "output_left_eye", 2),
                Points(conversion, "output_right_eye", 2),
                Points(conversion, "output_left_iris", 2),
                Points(conversion, "output_right_iris", 2),
            ],
            OnnxAttribute.Integer("axis", 1)
        );
        string z = Gather(graph, coarse, 2, 2);
        string depths = graph.Add(
            "Concat",
            [z, MeanDepth(graph, z, LeftOutline), MeanDepth(graph, z, RightOutline)],
            OnnxAttribute.Integer("axis", 1)
        );
        string landmarks = graph.Add(
            "Concat",
            [Gather(graph, xy, 1, SourcesOfXy(subsets)), Gather(graph, depths, 1, SourcesOfZ())],
            OnnxAttribute.Integer("axis", 2)
        );
        graph.AddOutput(Landmarks, landmarks, OnnxGraph.Batch, PointCount, 3);

        string flag = conversion.Value(conversion.Model.Output("conv_faceflag"));
        graph.AddOutput(Score, conversion.Reshape(graph.Add("Sigmoid", [flag]), 1), OnnxGraph.Batch, 1);
    }

    /// <summary>Which of the 468 points each point of lips, left eye and right eye refines: the model's own tables.</summary>
    public static int[][] RefinedPoints(TfliteModel model)
    {
        int[][] subsets =
        [
            .. model
                .Operators.Where(step => step.CustomName == RegionOperators.MatrixOfLandmarks)
                .Select(step => new FlexMap(step.CustomOptions).Int32s("subset_idxs")),
        ];
        return subsets is [{ Length: 80 }, { Length: 71 }, { Length: 71 }]
            ? subsets
            : throw new InvalidDataException("The face mesh does not have three regions of 80, 71 and 71 points.");
    }

    /// <summary>For each of the 478 points its place among the 468 coarse, 80, 71, 71, 5 and 5 refined ones; the last that names it wins.</summary>
    private static int[] SourcesOfXy(int[][] subsets)
    {
        int[] sources = [.. Enumerable.Range(0, PointCount)];
        int place = CoarseCount;
        foreach (int point in subsets.SelectMany(subset => subset))
        {
            sources[point] = place++;
        }

        for (int point = CoarseCount; point < PointCount; point++)
        {
            sources[point] = place++;
        }

        return sources;
    }

    /// <summary>The coarse point's own depth; an iris takes one of the two means behind them.</summary>
    private static int[] SourcesOfZ() =>
        [
            .. Enumerable.Range(0, CoarseCount),
            .. Enumerable.Repeat(CoarseCount, IrisCount),
            .. Enumerable.Repeat(CoarseCount + 1, IrisCount),
        ];

    private static string Points(Conversion conversion, string output, int coordinates)
    {
        int tensor = conversion.Model.Output(output);
        int points = conversion.Shape(tensor)[^1] / coordinates;
        return conversion.Reshape(conversion.TfliteLayout(tensor), points, coordinates);
    }

    private static string MeanDepth(OnnxGraph graph, string z, int[] outline) =>
        graph.Add("ReduceMean", [Gather(graph, z, 1, outline)], OnnxAttribute.Integers("axes", 1));

    private static string Gather(OnnxGraph graph, string value, int axis, params int[] indices) =>
        graph.Add("Gather", [value, graph.Integers(Conversion.Long(indices))], OnnxAttribute.Integer("axis", axis));
}
