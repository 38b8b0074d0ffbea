using FaceFusion.Batch.Faces.Toolchain;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

/// <summary>The tables of docs/models.md: written by <c>eng/models-docs.sh</c>, and held against what the tools make today.</summary>
public sealed class ToolchainPageTests
{
    private const string Page = "docs/models.md";
    private const string Begin = "<!-- tables: eng/models-docs.sh -->";
    private const string End = "<!-- end of tables -->";

    private static readonly string[] Portraits =
    [
        "audrey_crop.jpg",
        "cage2_crop.jpg",
        "chuck_crop.jpg",
        "kim1_crop.jpg",
        "obama4_crop.jpg",
        "queen20_crop.jpg",
        "ri_1_crop.jpg",
        "franck_02221.jpg",
    ];

    private static readonly (string Name, byte[] File)[] Generated =
    [
        ("wasteful", Wasteful.Network()),
        ("half-hazards", HalfHazards.Network()),
        ("fixed-batch", FixedBatch.Network()),
        ("old-operators", OldOperators.Network(9)),
    ];

    [Fact]
    public void Page_Tables_AreWhatTheToolsMake()
    {
        string page = File.ReadAllText(Path.Combine(Footage.SolutionFolder(), Page));
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, "the page has lost the marks of its tables");

        List<TransformRow> generated = [.. Generated.SelectMany(network => Rows(network.Name, network.File))];
        string tables = CommittedPage.IsWriting
            ? $"{Table(ToolNetworks.BuiltIn.SelectMany(row => BuiltIn(row.Data)))}\n\n{Table(generated)}"
            : Table(generated);
        string text = $"{page[..begin]}{Begin}\n\n{tables}\n\n{page[end..]}";

        // Nodes and bytes of generated networks are the same on every machine; differences and times are not.
        CommittedPage.Check(Page, text, all => string.Join('\n', all.Split('\n').Where(IsGenerated).Select(Told)));
    }

    [Theory]
    [MemberData(nameof(ToolNetworks.BuiltIn), MemberType = typeof(ToolNetworks))]
    public void Page_BuiltIn_HasARowForEachTool(string id)
    {
        string[] rows =
        [
            .. File.ReadAllLines(Path.Combine(Footage.SolutionFolder(), Page))
                .Where(line => line.StartsWith($"| {id} |", StringComparison.Ordinal)),
        ];

        Assert.Equal(["optimize", "fp16", "batch", "quantize"], rows.Select(row => row.Split('|')[2].Trim()));
        Assert.All(
            rows,
            row =>
                Assert.StartsWith(
                    $"{ToolNetworks.File(id).Length} ",
                    row.Split('|')[4].Trim(),
                    StringComparison.Ordinal
                )
        );
    }

    private static IReadOnlyList<TransformRow> Rows(string name, byte[] file) =>
        TransformTable.Rows(name, file, ToolNetworks.Noise(file, 3), []);

    private static IReadOnlyList<TransformRow> BuiltIn(string id)
    {
        byte[] file = ToolNetworks.File(id);
        return TransformTable.Rows(id, file, ToolNetworks.Noise(file, 3, id), ToolNetworks.Faces(id, Portraits));
    }

    private static string Table(IEnumerable<TransformRow> rows) =>
        string.Join('\n', TransformTable.Markdown([.. rows]));

    private static bool IsGenerated(string line) =>
        Array.Exists(Generated, network => line.StartsWith($"| {network.Name} |", StringComparison.Ordinal));

    /// <summary>Model, tool, nodes and bytes, and of a refusal its words; what a quantised file weighs depends on how ranges are rounded.</summary>
    private static string Told(string line)
    {
        string[] cells = line.Split('|');
        int told = cells[2].Trim() == "quantize" ? 4 : 5;
        return string.Join('|', cells[..told]) + (line.Contains("refused", StringComparison.Ordinal) ? cells[^2] : "");
    }
}
