using System.Text;
using FaceFusion.Batch.Coordinator.Batches.Manifests;

namespace FaceFusion.Batch.Coordinator.Tests.Batches;

/// <summary>Manifests as users write them, and as they do not.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\n\r\n\r\r\n\n")]
    public async Task Read_LinesOfJson_WithAnyBreak_CountsEachOnce(string breaks)
    {
        // The last case: LF, CR LF, CR, CR LF, LF.
        string text = "\uFEFF{\"id\":\"a\"}" + breaks + "{\"id\":\"b\"}" + breaks + "  \t" + breaks + "{\"id\":\"c\"}";
        int lines = breaks.Replace("\r\n", "\n", StringComparison.Ordinal).Length;

        IReadOnlyList<ManifestRow> rows = await ReadAsync(text);

        Assert.Equal([("a", 1), ("b", 1 + lines), ("c", 1 + (3 * lines))], rows.Select(r => (r.Key, r.Line)));
        Assert.All(rows, r => Assert.Empty(r.Faults));
    }

    [Fact]
    public async Task Read_Csv_UnderstandsCells()
    {
        const string Text = """"
            id, target ,sources,priority,kind,chunkFrames,label.campaign,recipe
            "a,1",upl_1,src_1  src_2,7,SCAN,100,spring,"{""processors"":[{""processor"":""debug""}]}"
            "b
            ""2""",upl_2,,,,,,
            c

            """";

        IReadOnlyList<ManifestRow> rows = await ReadAsync(Text);

        Assert.Equal([("a,1", 2), ("b\n\"2\"", 3), ("c", 5)], rows.Select(r => (r.Key, r.Line)));
        Assert.All(rows, r => Assert.Empty(r.Faults));
        var first = rows[0].Job!;
        Assert.Equal((7, "Scan", 100, "upl_1"), (first.Priority, $"{first.Kind}", first.ChunkFrames, first.Target));
        Assert.Equal(["src_1", "src_2"], first.Sources!);
        Assert.Equal("spring", first.Labels!["campaign"]);
        _ = Assert.Single(first.Recipe!.Processors);
        Assert.True(rows[2].Job is { Target: null, Sources: null, Recipe: null, Labels: null });
    }

    [Theory]
    [InlineData("a,\"open\nb,\nc,x", "2 row-too-long")]
    [InlineData("a,\"b\"c\nb,x", "2 row-malformed")]
    [InlineData("a,b,c\nb,x", "2 row-malformed")]
    [InlineData("a,x\na,y", "3 row-id-repeated")]
    public async Task Read_CsvThatIsWrong_TellsWhere_AndGoesOn(string rows, string expected)
    {
        // An open quote takes along what is behind it, but no more than a row may have.
        string rest = string.Concat(Enumerable.Range(0, 4000).Select(i => $"z{i},0123456789\n"));

        IReadOnlyList<ManifestRow> read = await ReadAsync($"id,target\n{rows}\n{rest}");

        string[] wrong = [.. read.Where(r => r.Faults.Count > 0).Select(r => $"{r.Line} {r.Faults[0].Code}")];
        Assert.Equal([expected], wrong);
        Assert.Equal("z3999", read[^1].Key);
    }

    [Theory]
    [InlineData("", "manifest-empty")]
    [InlineData(" \r\n\r\n", "manifest-empty")]
    [InlineData("id,target\n", "manifest-empty")]
    [InlineData("[{\"id\":\"a\"}]", "row-malformed")]
    [InlineData("target\nupl_1", "manifest-heading")]
    [InlineData("id,id\na,b", "manifest-heading")]
    [InlineData("id,Target\na,b", "manifest-heading")]
    [InlineData("id;target\na;b", "manifest-heading")]
    [InlineData("%PDF-1.4", "manifest-heading")]
    public async Task Read_WhatIsNoManifest_SaysSo(string text, string code)
    {
        ManifestException refused = await Assert.ThrowsAsync<ManifestException>(() => ReadAsync(text));

        Assert.Equal(code, refused.Faults[0].Code);
    }

    [Fact]
    public async Task Read_InUtf16_SaysSo() =>
        Assert.Equal(
            "manifest-encoding",
            (
                await Assert.ThrowsAsync<ManifestException>(() =>
                    ReadAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("id\na")])
                )
            )
                .Faults[0]
                .Code
        );

    [Fact]
    public async Task Read_OfMoreRowsThanABatchHas_EndsThere()
    {
        string most = string.Concat(Enumerable.Range(0, ManifestReader.MostRows).Select(i => $"r{i}\n"));

        Assert.Equal(ManifestReader.MostRows, (await ReadAsync($"id\n{most}")).Count);
        ManifestException refused = await Assert.ThrowsAsync<ManifestException>(() => ReadAsync($"id\n{most}one more"));

        Assert.Equal((100_002, "manifest-too-many"), (refused.Line, refused.Faults[0].Code));
    }

    private static Task<IReadOnlyList<ManifestRow>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<IReadOnlyList<ManifestRow>> ReadAsync(byte[] bytes)
    {
        List<ManifestRow> rows = [];
        await foreach (ManifestRow row in ManifestReader.ReadAsync(new MemoryStream(bytes), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }
}
