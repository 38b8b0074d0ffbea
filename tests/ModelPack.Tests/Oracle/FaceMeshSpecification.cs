using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>
/// The attention face mesh in pieces: its convolutions run in the original runtime, cut out of the original file; what lies between
/// follows <see cref="RegionSpecification"/> and MediaPipe's LandmarksRefinementCalculator.
/// </summary>
internal sealed class FaceMeshSpecification(byte[] original, OriginalRuntime runtime)
{
    private const int RegionSize = 16;
    private const int MapSize = 48;
    private const int MapChannels = 32;

    // The feature map has a quarter of the crop's resolution.
    private const double MapScale = 0.25;

    // Outlines of both eyes, whose mean depth their irises take.
    private static readonly int[][] Outlines =
    [
        [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173],
        [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398],
    ];

    private static readonly string[][] Branches =
    [
        ["conv_lips"],
        ["conv_left_eye", "conv_left_iris"],
        ["conv_right_eye", "conv_right_iris"],
    ];

    private readonly TfliteModel _model = TfliteModel.Read(original);

    public (float[] Landmarks, float Score) Run(float[] input)
    {
        float[][] coarse = RunPart(input, _model.Inputs[0], "output_mesh", "conv_faceflag", "p_re_lu_3");
        double[] small = [.. coarse[0].Select(value => value * MapScale)];
        float[] landmarks = new float[478 * 3];
        coarse[0].CopyTo(landmarks, 0);
        TfliteOperator[] regions = [.. _model.Operators.Where(step => step.CustomName == "Landmarks2TransformMatrix")];
        for (int i = 0; i < regions.Length; i++)
        {
            Refine(landmarks, coarse, small, i, new FlexMap(regions[i].CustomOptions));
        }

        return (landmarks, 1 / (1 + MathF.Exp(-coarse[1][0])));
    }

    private void Refine(float[] landmarks, float[][] coarse, double[] small, int region, FlexMap options)
    {
        int[] subset = options.Int32s("subset_idxs");
        double[,] matrix = RegionSpecification.Matrix(
            small,
            subset,
            options.Int32("left_rotation_idx"),
            options.Int32("right_rotation_idx"),
            RegionSize,
            options.Single("scale_x")
        );
        float[] features = RegionSpecification.Sample(coarse[2], MapSize, MapChannels, matrix, RegionSize);
        string from = "transform_tensor_bilinear_v2" + (region == 0 ? "" : $"_{region}");
        float[][] found = RunPart(features, Tensor(from), Branches[region]);

        double[,] back = (double[,])matrix.Clone();
        back[0, 2] /= MapScale;
        back[1, 2] /= MapScale;
        Place(landmarks, back, found[0], subset);
        if (region > 0)
        {
            int iris = 468 + (5 * (region - 1));
            Place(landmarks, back, found[1], [.. Enumerable.Range(iris, 5)]);
            float depth = Outlines[region - 1].Average(point => landmarks[(3 * point) + 2]);
            for (int point = iris; point < iris + 5; point++)
            {
                landmarks[(3 * point) + 2] = depth;
            }
        }
    }

    private static void Place(float[] landmarks, double[,] matrix, float[] found, int[] points)
    {
        Assert.Equal(points.Length * 2, found.Length);
        for (int i = 0; i < points.Length; i++)
        {
            (double x, double y) = RegionSpecification.Apply(matrix, found[2 * i], found[(2 * i) + 1]);
            landmarks[3 * points[i]] = (float)x;
            landmarks[(3 * points[i]) + 1] = (float)y;
        }
    }

    private float[][] RunPart(float[] input, int from, params string[] to) =>
        runtime.Run(TfliteCut.Between(original, from, [.. to.Select(Tensor)]), input, to.Length);

    private int Tensor(string name) => _model.Tensors.Select(tensor => tensor.Name).ToList().IndexOf(name);
}
