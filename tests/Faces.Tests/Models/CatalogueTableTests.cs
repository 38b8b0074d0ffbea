using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Models;

/// <summary>What must hold of every row of <c>models/catalog.json</c>.</summary>
public sealed partial class CatalogueTableTests
{
    private static readonly string[] Families =
    [
        "retinaface",
        "scrfd",
        "yolo-face",
        "yunet",
        "fan",
        "peppa-wutz",
        "fan-68-5",
        "arcface",
        "fairface",
        "xseg",
        "bisenet",
        "blendswap",
        "ghost",
        "hififace",
        "hyperswap",
        "inswapper",
        "simswap",
        "uniface",
        "crossface",
        "codeformer",
        "gfpgan",
        "gpen",
        "restoreformer",
        "tiled-enhancer",
        "live-portrait",
        "fran",
        "styleganex",
    ];

    private static readonly string[] Sources =
    [
        "embedding",
        "embedding-unit",
        "converted",
        "converted-unit",
        "projected",
        "image",
    ];

    private static readonly ModelCatalog Catalog = ModelCatalog.Load(TestModels.Folder);

    private static IEnumerable<ModelCard> Published => Catalog.Cards.Where(card => !card.IsBuiltIn);

    [Fact]
    public void Rows_PerRole_AreThoseOfFaceFusion()
    {
        Dictionary<string, int> expected = new()
        {
            ["detector"] = 4,
            ["landmarks"] = 3,
            ["embedding"] = 1,
            ["classifier"] = 1,
            ["occluder"] = 3,
            ["parser"] = 2,
            ["fuser"] = 13,
            ["converter"] = 3,
            ["face-enhancer"] = 9,
            ["frame-enhancer"] = 19,
            ["expression"] = 3,
            ["age"] = 2,
        };

        Assert.Equal(expected, Published.GroupBy(card => card.Role).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(Families.Order(), Published.Select(card => card.Family).Distinct().Order());
    }

    [Fact]
    public void BuiltIn_AreFirstForTheirRole() =>
        Assert.Equal(
            ["detector-full-range", "face-mesh-attention", "mobilefacenet", "canonical-mesh", "mesh"],
            new[] { "detector", "landmarks", "embedding", "geometry", "fuser" }.Select(r => Catalog.Find(r).Id)
        );

    [Fact]
    public void IdsAndFiles_AreUnique()
    {
        Assert.Equal(Catalog.Cards.Count, Catalog.Cards.Select(card => card.Id).Distinct().Count());
        string[] files = [.. Catalog.Cards.Select(card => card.File).OfType<string>()];
        Assert.Equal(files.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Needs_AreRowsAndNotTheModelItself()
    {
        HashSet<string> ids = [.. Catalog.Cards.Select(card => card.Id)];
        Assert.All(
            Catalog.Cards,
            card => Assert.True(card.Needs.All(need => ids.Contains(need) && need != card.Id), card.Id)
        );
        // An embedding that is not ArcFace's is another room to every swapper that takes one.
        Assert.All(
            Published.Where(card => card.Role == "fuser"),
            card => Assert.Equal(card.Source != "image", card.Needs.Contains("arcface"))
        );
        Assert.All(
            Published.Where(card => card.Source?.StartsWith("converted", StringComparison.Ordinal) == true),
            card => Assert.Single(card.Needs, need => Catalog.Card(need).Role == "converter")
        );
    }

    [Fact]
    public void Published_CanBeFetchedAndChecked() =>
        Assert.All(
            Published,
            card =>
            {
                Assert.Matches(@"^[a-z0-9_.]+\.onnx$", card.File);
                Assert.Equal(2, card.Urls.Count);
                Assert.All(
                    card.Urls,
                    url =>
                    {
                        Assert.StartsWith("https://", url, StringComparison.Ordinal);
                        Assert.EndsWith($"/{card.File}", url, StringComparison.Ordinal);
                    }
                );
                Assert.True(card.Sha256 is null || Hex64().IsMatch(card.Sha256), card.Id);
                Assert.True(card.Crc32 is null || Hex8().IsMatch(card.Crc32), card.Id);
                Assert.NotNull(card.Vendor);
                Assert.InRange(card.Year ?? 0, 2018, 2026);
            }
        );

    [Fact]
    public void Contract_IsThereForEveryRoleThatHasOne() =>
        Assert.All(
            Published,
            card =>
            {
                Assert.True(card.Template is null || FaceTemplate.All.Any(t => t.Name == card.Template), card.Id);
                Assert.Equal(card.Role == "fuser", card.Source is not null);
                Assert.True(card.Source is null || Sources.Contains(card.Source), card.Id);
                Assert.Equal(card.Source == "image", card.SourceTemplate is not null);
                Assert.True(
                    card.SourceTemplate is null || FaceTemplate.All.Any(t => t.Name == card.SourceTemplate),
                    card.Id
                );
                Assert.Equal(card.Role == "frame-enhancer", card.Tiles is not null);
                Assert.True(card.Tiles is null || card.Tiles.Size == card.Input?.Width, card.Id);
                bool isPicture =
                    card.Role is not "converter" && card.Id is not ("fan_68_5" or "live_portrait_generator");
                Assert.Equal(isPicture, card.Input is not null);
                bool makesPicture = card.Role is "fuser" or "face-enhancer" or "frame-enhancer" or "age";
                Assert.Equal(makesPicture || card.Id == "live_portrait_generator", card.Output is not null);
                if (card.Input is { } input)
                {
                    Assert.True(input.Channels is "rgb" or "bgr", card.Id);
                    Assert.True(input.Layout is "nchw" or "nhwc", card.Id);
                    Assert.True(input is { Width: >= 64, Height: >= 64, Std.R: > 0, Std.G: > 0, Std.B: > 0 }, card.Id);
                }
            }
        );

    /// <summary>Values of 0 and 255 as the model sees them, and the pixels of what it gives.</summary>
    [Theory]
    [InlineData("retinaface", "bgr", -0.99609375, 0.99609375)]
    [InlineData("yolo_face", "bgr", 0, 1)]
    [InlineData("yunet", "bgr", 0, 255)]
    [InlineData("2dfan4", "bgr", 0, 1)]
    [InlineData("arcface", "rgb", -1, 1)]
    [InlineData("xseg_1", "bgr", 0, 1)]
    [InlineData("bisenet_resnet_34", "rgb", -2.1179039, 2.2489083)]
    [InlineData("simswap_256", "rgb", -2.1179039, 2.2489083)]
    [InlineData("inswapper_128", "rgb", 0, 1)]
    [InlineData("hyperswap_1a_256", "rgb", -1, 1)]
    [InlineData("gfpgan_1.4", "rgb", -1, 1)]
    [InlineData("real_esrgan_x4", "rgb", 0, 1)]
    public void Input_OfBlackAndWhite_IsWhatTheContractSays(string id, string channels, float black, float white)
    {
        ModelInput input = Catalog.Card(id).Input!;
        Assert.Equal(channels, input.Channels);
        Assert.Equal(black, (0 - input.Mean.R) / input.Std.R, 1e-5f);
        Assert.Equal(white, (255 - input.Mean.R) / input.Std.R, 1e-5f);
    }

    [Theory]
    [InlineData("hififace_unofficial_256", -1, 1)]
    [InlineData("simswap_256", 0, 1)]
    [InlineData("inswapper_128", 0, 1)]
    [InlineData("codeformer", -1, 1)]
    [InlineData("span_kendata_x4", 0, 1)]
    public void Output_ThatIsBlackAndWhite_BecomesPixels(string id, float black, float white)
    {
        ModelOutput output = Catalog.Card(id).Output!;
        Assert.Equal(0, (black * output.Std.R) + output.Mean.R, 1e-3f);
        Assert.Equal(255, (white * output.Std.R) + output.Mean.R, 1e-3f);
    }

    /// <summary>The table of <c>models/README.md</c> is the mapping; nothing is mapped that it does not name.</summary>
    [Fact]
    public void LicenceClass_IsThatOfThePage()
    {
        string page = File.ReadAllText(Path.Combine(Footage.SolutionFolder(), "models", "README.md"));
        Dictionary<string, string> mapped = ClassRow()
            .Matches(page)
            .ToDictionary(m => m.Groups["licence"].Value, m => m.Groups["class"].Value);

        Assert.All(mapped.Values, name => Assert.Contains(name, LicenceClasses.All));
        Assert.All(
            Published,
            card =>
            {
                string expected = Assert.Contains(card.Licence, mapped);
                bool isOfNobody = expected == "permissive" && card.Vendor == "Unknown";
                Assert.Equal(isOfNobody ? "permissive-unverified" : expected, card.LicenceClass);
            }
        );
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hex64();

    [GeneratedRegex("^[0-9a-f]{8}$")]
    private static partial Regex Hex8();

    [GeneratedRegex(@"^\| `(?<licence>[^`]+)` \| `(?<class>[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex ClassRow();
}
