using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// The families that are known, and what their models take and give. Names, channels and sizes of FaceFusion's families are those that its
/// release 3.8.1 feeds its files; those of the built-in models are in <c>models/catalog.json</c>.
/// </summary>
internal static class FamilyContracts
{
    private const string Picture = "N 3 H W";
    private const string Embedding = "N 512";

    private static readonly Dictionary<string, FamilyContract> Known = All()
        .ToDictionary(contract => contract.Family, StringComparer.Ordinal);

    /// <summary>Other names of a family, and of models that are a family of their own.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["2dfan4"] = "fan",
        ["styleganex-age"] = "styleganex",
        ["frame-enhancer"] = "tiled-enhancer",
        ["restoreformer-plus-plus"] = "restoreformer",
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The contract of a card's model: that of the model itself where the parts of a set differ, else its family's. Null: not known.</summary>
    public static FamilyContract? Find(ModelCard card) => Of(card.Id.Replace('_', '-')) ?? Of(card.Family);

    private static FamilyContract? Of(string family) =>
        Known.GetValueOrDefault(Aliases.GetValueOrDefault(family, family));

    private static FamilyContract[] All() =>
        [
            // Built in.
            new("blazeface-full-range", [In("input", Picture)], [new("N 2304 16", "boxes"), new("N 2304 1", "logits")])
            {
                Size = 192,
            },
            new("mediapipe-attention-mesh", [In("input", Picture)], [new("N 478 3", "landmarks"), new("N 1", "score")])
            {
                Size = 192,
            },
            new("mobilefacenet", [In("input", Picture)], [new("N 192", "embedding")]) { Size = 112 },
            // Detectors: scores, boxes and five points for each of three strides.
            new("retinaface", [In("input", Picture)], [.. Thrice("* 1"), .. Thrice("* 4"), .. Thrice("* 10")])
            {
                Size = 640,
                IsSizeFree = true,
            },
            new("scrfd", [In("input", Picture)], [.. Thrice("* 1"), .. Thrice("* 4"), .. Thrice("* 10")])
            {
                Size = 640,
                IsSizeFree = true,
            },
            new("yolo-face", [In("input", Picture)], [new("N 20 ?")]) { Size = 640 },
            new(
                "yunet",
                [In("input", Picture)],
                [.. Thrice("* 1"), .. Thrice("* 1"), .. Thrice("* 4"), .. Thrice("* 10")]
            )
            {
                Size = 640,
            },
            // Landmarks, recognition, attributes.
            new("fan", [In("input", Picture)], [new("N 68 3"), new("N 68 ? ?")]) { Size = 256 },
            new("peppa-wutz", [In("input", Picture)], [new("*")]) { Size = 256 },
            new("fan-68-5", [In("input", "N 5 2")], [new("N 68 2")]),
            new("arcface", [In("input", Picture)], [new(Embedding)]) { Size = 112 },
            new("fairface", [In("input", Picture)], [new("*"), new("*"), new("*")]) { Size = 224 },
            // Swappers.
            Swapper("blendswap", 256, "N 3 112 112"),
            Swapper("ghost", 256, Embedding),
            Swapper("hififace", 256, Embedding),
            Swapper("hyperswap", 256, Embedding),
            Swapper("inswapper", 128, Embedding),
            Swapper("simswap", 256, Embedding),
            Swapper("uniface", 256, "N 3 256 256"),
            new("crossface", [In("input", Embedding)], [new(Embedding)]),
            // Enhancers.
            FaceEnhancer("codeformer"),
            FaceEnhancer("gfpgan"),
            FaceEnhancer("gpen"),
            FaceEnhancer("restoreformer"),
            new("tiled-enhancer", [In("input", Picture)], [new("N 3 ? ?")]) { MayGiveMore = true },
            // Masks.
            new("xseg", [In("input", "N H W 3")], [new("*")]) { Size = 256, MayGiveMore = true },
            new("bisenet", [In("input", Picture)], [new("N ? ? ?")]) { Size = 512, MayGiveMore = true },
            // Expression and age.
            new("live-portrait-feature-extractor", [In("input", Picture)], [new("*")]) { Size = 256 },
            new(
                "live-portrait-motion-extractor",
                [In("input", Picture)],
                [new("*"), new("*"), new("*"), new("*"), new("*"), new("N 21 3"), new("N 21 3")]
            )
            {
                Size = 256,
            },
            new(
                "live-portrait-generator",
                [In("feature_volume", "*"), In("source", "N 21 3"), In("target", "N 21 3")],
                [new("N 3 ? ?")]
            ),
            new("fran", [In("target", Picture), In("direction", "*")], [new("N 3 ? ?")])
            {
                Size = 1024,
                MayGiveMore = true,
            },
            new(
                "styleganex",
                [In("target", Picture), In("target_with_background", "N 3 384 384"), In("direction", "*")],
                [new("N 3 ? ?")]
            )
            {
                Size = 256,
                MayGiveMore = true,
            },
        ];

    private static InputContract In(string name, ShapePattern shape) => new(name, shape);

    private static IEnumerable<OutputContract> Thrice(string shape) => Enumerable.Repeat(new OutputContract(shape), 3);

    private static FamilyContract Swapper(string family, int size, string source) =>
        new(family, [In("target", Picture), In("source", source)], [new(Picture)]) { Size = size, MayGiveMore = true };

    /// <summary>codeformer declares a weight; any other that does is fed it too.</summary>
    private static FamilyContract FaceEnhancer(string family) =>
        new(
            family,
            [
                In("input", Picture),
                In("weight", "*") with
                {
                    Type = OnnxType.Double,
                    IsOptional = family != "codeformer",
                },
            ],
            [new(Picture)]
        )
        {
            Size = 512,
            MayGiveMore = true,
        };
}
