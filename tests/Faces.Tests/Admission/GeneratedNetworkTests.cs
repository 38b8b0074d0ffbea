using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestNetworks;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

/// <summary>What the other tests run is what admission lets through.</summary>
public sealed class GeneratedNetworkTests
{
    /// <summary>Of a file that is sound: how its batch is, and what its exporter was like.</summary>
    private static readonly string[] Harmless = ["batch-fixed", "opset-old"];

    [Fact]
    public void Judge_OfEveryGeneratedNetwork_AdmitsItAsItsFamily()
    {
        foreach (NetworkFolder folder in Folders())
        {
            using (folder)
            {
                ModelCatalog catalog = folder.ToCatalog();
                foreach (ModelCard card in catalog.Cards)
                {
                    AdmissionReport report = ModelAdmission.Judge(catalog.Read(card), card: card);

                    Assert.True(
                        report.Findings.All(f => Harmless.Contains(f.Code)),
                        $"{card.Id}: {string.Join(" ", report.Findings.Select(f => f.Sentence))}"
                    );
                    Assert.NotNull(report.Family);
                }
            }
        }
    }

    [Fact]
    public void Judge_OfTheToolchainsNetworks_AdmitsThem()
    {
        string[] hazards =
        [
            "expand",
            "tile",
            "constant-of-shape",
            "grid",
            "modulated",
            "mean",
            "squeeze",
            "gather",
            "slice",
            "join",
            "rows",
            "suppress",
            "product",
        ];
        byte[][] files =
        [
            FixedBatch.Network(),
            FixedBatch.Hidden(),
            HalfHazards.Network(),
            OldOperators.Network(9),
            OldOperators.Network(12),
            Wasteful.Network(),
            Wasteful.HalfWeights(),
            .. hazards.Select(FixedBatch.Hazard),
        ];
        foreach (byte[] file in files)
        {
            Assert.True(ModelAdmission.Judge(file).Findings.All(f => Harmless.Contains(f.Code)));
        }
    }

    /// <summary>Whatever a user may fetch is held against a contract.</summary>
    [Fact]
    public void Contract_OfEveryRowOfTheCatalogue_IsKnown()
    {
        ModelCard[] rows =
        [
            .. ModelCatalog
                .Load(TestModels.Folder)
                .Cards.Where(c => c.File?.EndsWith(".onnx", StringComparison.Ordinal) == true),
        ];

        Assert.True(rows.Length > 50, $"{rows.Length} rows");
        Assert.Empty(rows.Where(card => FamilyContracts.Find(card) is null).Select(card => card.Id));
    }

    private static IEnumerable<NetworkFolder> Folders()
    {
        foreach (string id in SwapCards.Swappers.Select(card => card.Id))
        {
            yield return SwapCards.Folder(id, SwapLook.Identity);
            yield return SwapCards.Folder(id, new SwapLook { Tint = new PerChannel(0.1f) }, openBatch: true);
        }

        yield return FindingNetworks.Folder();
        yield return FindingNetworks.Folder(new PlacedFace(1, 2, 30, 40, 0.9f, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        yield return Others();
    }

    private static NetworkFolder Others()
    {
        NetworkFolder folder = new();
        folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
        folder.Add(SwapCards.Parser, MaskNetworks.Parser(SwapCards.Parser.Id));
        folder.Add(EnhancingNetworks.Card("identity", 64), EnhancingNetworks.Identity(64));
        folder.Add(EnhancingNetworks.Card("tint", 64, "gpen"), EnhancingNetworks.Tint(64));
        folder.Add(EnhancingNetworks.Card("contrast", 64, "restoreformer"), EnhancingNetworks.Contrast(64));
        folder.Add(EnhancingNetworks.Card("sharpen", 64), EnhancingNetworks.Sharpen(64));
        folder.Add(EnhancingNetworks.Card("weighted", 64, "codeformer"), EnhancingNetworks.Weighted(64));
        folder.Add(AgeingNetworks.FranCard("fran"), AgeingNetworks.Fran());
        folder.Add(AgeingNetworks.StyleganexCard("styleganex_age"), AgeingNetworks.Styleganex());
        // The catalogue's names: the three differ, and are one family.
        string[] names = ["feature_extractor", "motion_extractor", "generator"];
        byte[][] parts = [ExpressionNetworks.Features(), ExpressionNetworks.Motion(), ExpressionNetworks.Flow()];
        foreach (((ModelCard card, string name), byte[] part) in ExpressionNetworks.Cards().Zip(names).Zip(parts))
        {
            folder.Add(card with { Id = $"live_portrait_{name}" }, part);
        }

        ModelTiles tiles = new(16, 3, 2, 2);
        folder.Add(UpscalingNetworks.Card("nearest", tiles), UpscalingNetworks.Nearest(16, 2));
        folder.Add(UpscalingNetworks.Card("shuffle", tiles), UpscalingNetworks.PixelShuffle(16, 2, batch: 3));
        folder.Add(UpscalingNetworks.Card("ramp", tiles), UpscalingNetworks.Ramp(16, 2, 0.2f));
        folder.Add(UpscalingNetworks.Card("sharp", tiles), UpscalingNetworks.Sharp(16, 2));
        return folder;
    }
}
