using FaceFusion.Batch.ModelPack.Converting;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>What the catalogue says of each built-in model, apart from the hashes.</summary>
internal static class PackCards
{
    private const string Permissive = "permissive";
    private const string Apache = "Apache-2.0";
    private const string Rgb = "rgb";

    private const string GoogleProvenance =
        "Published by Google in its MediaPipe npm package, whose package.json states Apache-2.0. "
        + "The training images are described in Google's model cards, not in the package.";

    public static ModelCard Detector { get; } =
        new()
        {
            Id = "detector-full-range",
            Role = "detector",
            Family = "blazeface-full-range",
            File = "detector-full-range.onnx",
            Input = new ModelInput(TfliteConverter.Input, 192, 192, Rgb, 127.5f, 127.5f),
            Outputs =
            [
                new ModelOutput(
                    "boxes",
                    [2304, 16],
                    "for each anchor: centre x, y, width, height and six points x, y (right eye, left eye, nose tip, mouth, right ear, "
                        + "left ear), in input pixels from the anchor's centre; anchors are the centres of a 48x48 grid, row by row"
                ),
                new ModelOutput("logits", [2304, 1], "a face at this anchor: sigmoid gives 0 to 1"),
            ],
            Licence = Apache,
            LicenceClass = Permissive,
            Provenance = GoogleProvenance,
        };

    public static ModelCard FaceMesh { get; } =
        new()
        {
            Id = "face-mesh-attention",
            Role = "landmarks",
            Family = "mediapipe-attention-mesh",
            File = "face-mesh-attention.onnx",
            Input = new ModelInput(TfliteConverter.Input, 192, 192, Rgb, 0, 255),
            Outputs =
            [
                new ModelOutput(
                    FaceMeshHead.Landmarks,
                    [FaceMeshHead.PointCount, 3],
                    "x, y and depth in input pixels; 468 mesh points with lips and eyes refined, then five points of each iris"
                ),
                new ModelOutput(FaceMeshHead.Score, [1], "a face in the crop: 0 to 1"),
            ],
            Template = "square of 1.5 box widths, upright by the eye line",
            Licence = Apache,
            LicenceClass = Permissive,
            Provenance = GoogleProvenance,
        };

    public static ModelCard Embedding { get; } =
        new()
        {
            Id = "mobilefacenet",
            Role = "embedding",
            Family = "mobilefacenet",
            File = "mobilefacenet.onnx",
            Input = new ModelInput(TfliteConverter.Input, 112, 112, Rgb, 127.5f, 128f),
            Outputs = [new ModelOutput("embedding", [192], "not normalised; compare by cosine after normalising")],
            Template = "arcface-112",
            Licence = "MIT",
            LicenceClass = "permissive-unverified",
            Provenance =
                "The package states MIT and nothing of who trained the weights or on which images. "
                + "Replace it where that matters.",
        };

    public static ModelCard CanonicalMesh { get; } =
        new()
        {
            Id = "canonical-mesh",
            Role = "geometry",
            Family = "mediapipe-canonical-face",
            File = "canonical-mesh.json",
            Licence = Apache,
            LicenceClass = Permissive,
            Provenance = GoogleProvenance,
        };

    public static ModelCard MeshFuser { get; } =
        new()
        {
            Id = "mesh",
            Role = "fuser",
            Family = "mesh",
            Licence = Apache,
            LicenceClass = Permissive,
            Provenance = "Geometry of this project; it has no weights.",
        };
}
