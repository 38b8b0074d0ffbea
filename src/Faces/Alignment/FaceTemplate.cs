using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Alignment;

/// <summary>
/// Where the five points of a face lie in a model's crop: the eye and the mouth corner on the picture's left before those on its right, as
/// fractions of the crop's edge. The numbers are those with which the published models were trained (ArcFace, Deng et al. 2019; FFHQ,
/// Karras et al. 2019; and their relatives).
/// </summary>
public sealed class FaceTemplate
{
    /// <summary>Points of a face: left eye, right eye, nose tip, left and right mouth corner, as the picture shows them.</summary>
    public const int Points = 5;

    private readonly float[] _fractions;

    private FaceTemplate(string name, params float[] fractions)
    {
        Name = name;
        _fractions = fractions;
    }

    public string Name { get; }

    /// <summary>x, y of each point as fractions of the crop's edge.</summary>
    public ReadOnlySpan<float> Fractions => _fractions;

    public static FaceTemplate Arcface112V1 { get; } =
        new(
            "arcface_112_v1",
            [
                .35473214f,
                .45658929f,
                .64526786f,
                .45658929f,
                .5f,
                .61154464f,
                .37913393f,
                .776875f,
                .62086607f,
                .776875f,
            ]
        );

    public static FaceTemplate Arcface112V2 { get; } =
        new(
            "arcface_112_v2",
            [
                .34191607f,
                .46157411f,
                .65653393f,
                .45983393f,
                .500225f,
                .64050536f,
                .37097589f,
                .82469196f,
                .63151696f,
                .82325089f,
            ]
        );

    public static FaceTemplate Arcface128 { get; } =
        new(
            "arcface_128",
            [
                .36167656f,
                .40387734f,
                .63696719f,
                .40235469f,
                .50019687f,
                .56044219f,
                .38710391f,
                .72160547f,
                .61507734f,
                .72034453f,
            ]
        );

    public static FaceTemplate DflWholeFace { get; } =
        new(
            "dfl_whole_face",
            [
                .35342266f,
                .39285716f,
                .62797622f,
                .39285716f,
                .48660713f,
                .5401786f,
                .38839287f,
                .68750011f,
                .59821427f,
                .68750011f,
            ]
        );

    public static FaceTemplate Ffhq512 { get; } =
        new(
            "ffhq_512",
            [
                .37691676f,
                .46864664f,
                .62285697f,
                .46912813f,
                .50123859f,
                .61331904f,
                .39308822f,
                .725411f,
                .61150205f,
                .72490465f,
            ]
        );

    public static FaceTemplate Mtcnn512 { get; } =
        new(
            "mtcnn_512",
            [
                .36562865f,
                .46733799f,
                .63305391f,
                .46585885f,
                .50019127f,
                .61942959f,
                .39032951f,
                .77598822f,
                .61178945f,
                .77476328f,
            ]
        );

    public static FaceTemplate Styleganex384 { get; } =
        new(
            "styleganex_384",
            [
                .42353745f,
                .52289879f,
                .57725008f,
                .52319972f,
                .50123859f,
                .61331904f,
                .43364461f,
                .68337652f,
                .57015325f,
                .68306005f,
            ]
        );

    public static IReadOnlyList<FaceTemplate> All { get; } =
    [Arcface112V1, Arcface112V2, Arcface128, DflWholeFace, Ffhq512, Mtcnn512, Styleganex384];

    /// <exception cref="ModelException"><c>model-catalog</c>: there is none of this name.</exception>
    public static FaceTemplate Find(string? name) =>
        All.FirstOrDefault(t => t.Name == name)
        ?? throw new ModelException(
            "model-catalog",
            $"The model catalogue names the face template {name}, which there is not; use one of {string.Join(", ", All.Select(t => t.Name))}."
        );

    /// <summary>
    /// The similarity that lays the template, in a square crop of <paramref name="size"/> pixels, on a face: least squares over all five
    /// points. FaceFusion estimates with RANSAC at a threshold of 100 crop pixels, which for crops of up to 512 pixels keeps every point
    /// and gives the same.
    /// </summary>
    /// <param name="points">x, y of the five points in frame pixels.</param>
    /// <param name="size">Edge of the crop in pixels.</param>
    public AffineMatrix CropToFrame(ReadOnlySpan<float> points, int size)
    {
        return Estimate(points, size).Invert();
    }

    /// <summary>As <see cref="CropToFrame"/>, for points that may coincide or not be finite.</summary>
    /// <returns>False where no similarity fits them.</returns>
    public bool TryCropToFrame(ReadOnlySpan<float> points, int size, out AffineMatrix cropToFrame)
    {
        AffineMatrix toCrop = Estimate(points, size);
        bool fits = float.IsNormal(toCrop.Scale) && float.IsFinite(toCrop.C + toCrop.F);
        cropToFrame = fits ? toCrop.Invert() : default;
        return fits;
    }

    /// <summary>From frame to crop, as FaceFusion does: the other way round the residuals would be weighed in frame pixels.</summary>
    private AffineMatrix Estimate(ReadOnlySpan<float> points, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, 2 * Points);
        Span<float> crop = stackalloc float[2 * Points];
        for (int i = 0; i < crop.Length; i++)
        {
            crop[i] = _fractions[i] * size;
        }

        return AffineMatrix.EstimateSimilarity(points, crop);
    }
}
