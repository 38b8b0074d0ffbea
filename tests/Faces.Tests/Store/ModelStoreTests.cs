using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Store;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Store;

public sealed class ModelStoreTests : IDisposable
{
    private const string TextSha = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"; // of "hello world"

    private static readonly byte[] Hello = Network("hello");
    private static readonly ModelDigest HelloDigest = ModelDigest.Of(Hello);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-store-");

    private ModelStore Store => new(Path.Combine(_folder.FullName, "store"));

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>As zlib and sha256sum give them.</summary>
    [Fact]
    public void Digest_OfAText_IsWhatOthersSay() =>
        Assert.Equal(new ModelDigest(TextSha, "0d4a1185", 11), ModelDigest.Of("hello world"u8));

    [Fact]
    public async Task Keep_TheRightBytes_AreThereWholeAndNothingElse()
    {
        (string sha, string crc, long count) = HelloDigest;
        ModelPin pin = await KeepAsync(Card(sha, crc, count), Hello);

        Assert.True(pin is { IsPublished: true, From: "test" });
        Assert.Equal((sha, count), (pin.Sha256, pin.ByteCount));
        Assert.Equal(["m.onnx", "models.lock.json"], Names());
        Assert.Equal(Hello, await File.ReadAllBytesAsync(Store.PathOf(Card()), Stop));
        ModelCatalog catalog = new(_folder.FullName, [Card(sha)], Store);
        Assert.Equal(Hello, catalog.Read(catalog.Cards[0]));
    }

    public static TheoryData<string?, string?, long?, string> Others =>
        new()
        {
            { null, HelloDigest.Crc32, null, "CRC-32" },
            { HelloDigest.Sha256, null, null, "SHA-256" },
            { null, null, HelloDigest.ByteCount + 1, "bytes" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Keep_OtherBytes_AreRefusedAndTakenAway(string? sha, string? crc, long? count, string why)
    {
        ModelException e = await Assert.ThrowsAsync<ModelException>(() =>
            KeepAsync(Card(sha, crc, count), Network("Hello"))
        );

        Assert.Equal("model-hash", e.Code);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Empty(Names());
        Assert.Null(Store.PinOf(Card()));
    }

    /// <summary>What is no model, or no model of the family, does not wait in the store for the day when it is loaded, nor is it pinned.</summary>
    [Fact]
    public async Task Keep_WhatWouldBeRefusedAtItsUse_IsRefusedAtOnce()
    {
        ModelException page = await Assert.ThrowsAsync<ModelException>(() => KeepAsync(Card(), "<html>"u8.ToArray()));
        ModelException stranger = await Assert.ThrowsAsync<ModelException>(() =>
            KeepAsync(Card() with { Family = "arcface" }, Hello)
        );

        Assert.Equal(("model-format", "model-shape"), (page.Code, stranger.Code));
        Assert.Empty(Names());
        Assert.Null(Store.PinOf(Card()));
        Assert.False((await KeepAsync(Card(), Hello)).IsPublished);
    }

    [Fact]
    public async Task Keep_HashWasNeverPublished_PinsTheFirstBytesAndRefusesOthers()
    {
        byte[] others = Network("others");
        ModelPin first = await KeepAsync(Card(), Hello);
        Assert.True(Store.Remove(Card(), forgetPin: false));

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => KeepAsync(Card(), others));
        ModelPin again = await KeepAsync(Card(), Hello);

        Assert.False(first.IsPublished);
        Assert.Equal(("model-hash", first), (e.Code, again));
        Assert.Contains("--forget-pin", e.Message, StringComparison.Ordinal);
        Assert.True(Store.Remove(Card(), forgetPin: true));
        Assert.Equal(others.Length, (await KeepAsync(Card(), others)).ByteCount);
    }

    [Fact]
    public async Task Read_FileThatSomebodyPutThere_IsPinnedAtFirstUse()
    {
        _ = Directory.CreateDirectory(Store.Folder);
        await File.WriteAllTextAsync(Store.PathOf(Card()), "hello world", Stop);
        ModelCatalog catalog = new(_folder.FullName, [Card()], Store);

        _ = catalog.Read(Card(), out string sha256);
        await File.WriteAllTextAsync(Store.PathOf(Card()), "hello World", Stop);
        ModelException e = Assert.Throws<ModelException>(() => catalog.Read(Card()));

        Assert.Equal((TextSha, "model-hash"), (sha256, e.Code));
        Assert.Equal("first use", Store.PinOf(Card())!.From);
    }

    [Fact]
    public void Read_NotHere_SaysHowToGetIt()
    {
        ModelException e = Assert.Throws<ModelException>(() =>
            new ModelCatalog(_folder.FullName, [Card()], Store).Read(Card())
        );

        Assert.Equal("model-missing", e.Code);
        Assert.Contains("`ffb models pull m`", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store.Folder));
    }

    [Fact]
    public async Task Read_BesideTheCatalogueAndInTheStore_TakesTheFormer()
    {
        ModelCard card = Card(HelloDigest.Sha256);
        _ = await KeepAsync(card, Hello);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "m.onnx"), "hello World", Stop);
        ModelCatalog catalog = new(_folder.FullName, [card], Store);

        Assert.Equal("model-hash", Assert.Throws<ModelException>(() => catalog.Read(catalog.Cards[0])).Code);
        Assert.True(catalog.IsHere(catalog.Cards[0]));
    }

    [Theory]
    [InlineData("../m.onnx")]
    [InlineData("a/m.onnx")]
    [InlineData(".lock")]
    [InlineData("")]
    public void PathOf_NameThatLeadsElsewhere_IsRefused(string file) =>
        Assert.Equal(
            "model-catalog",
            Assert.Throws<ModelException>(() => Store.PathOf(Card() with { File = file })).Code
        );

    [Fact]
    public async Task Draft_TwoAtOnce_TheSecondWaitsAndFindsTheModel()
    {
        ModelDraft first = Store.OpenDraft(Card(), () => Assert.Fail("Nobody has it."), Stop);
        TaskCompletionSource waits = new();
        Task<bool> second = Task.Run(
            () =>
            {
                using ModelDraft draft = Store.OpenDraft(Card(), waits.SetResult, Stop);
                return Store.Has(Card());
            },
            Stop
        );
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        first.Restart(null);
        await first.Content.WriteAsync(Hello, Stop);
        _ = await Store.KeepAsync(Card(), first, "test", Stop);
        first.Dispose();

        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(["m.onnx", "models.lock.json"], Names());
    }

    [Fact]
    public async Task Draft_LeftWithItsOrigin_IsGoneOnWithAndOneWithoutIsNot()
    {
        DraftOrigin origin = new("https://example.org/m.onnx", "\"1\"");
        using (ModelDraft draft = Store.OpenDraft(Card(), () => { }, Stop))
        {
            draft.Restart(origin);
            await draft.Content.WriteAsync("hello"u8.ToArray(), Stop);
        }

        Assert.Equal(["m.onnx.part", "m.onnx.part.from"], Names());
        using (ModelDraft draft = Store.OpenDraft(Card(), () => { }, Stop))
        {
            Assert.Equal((origin, 5L), (draft.Resumes, draft.Content.Position));
            draft.Restart(null);
            await draft.Content.WriteAsync("hel"u8.ToArray(), Stop);
        }

        Assert.Empty(Names());
    }

    [Fact]
    public async Task Pins_ManyAtOnce_LoseNone()
    {
        ModelCard[] cards = [.. Enumerable.Range(0, 12).Select(i => Card() with { Id = $"m{i}", File = $"m{i}.onnx" })];
        await Parallel.ForEachAsync(cards, Stop, async (card, _) => await KeepAsync(card, Network(card.Id)));

        Assert.All(cards, card => Assert.NotNull(Store.PinOf(card)));
        using var json = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Store.Folder, "models.lock.json"), Stop)
        );
        Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(12, json.RootElement.GetProperty("models").EnumerateObject().Count());
    }

    [Fact]
    public async Task Pins_FileUnreadable_SaysSoAndLoadsNothing()
    {
        _ = await KeepAsync(Card(), Hello);
        await File.WriteAllTextAsync(Path.Combine(Store.Folder, "models.lock.json"), "{ not json", Stop);

        ModelException e = Assert.Throws<ModelException>(() =>
            new ModelCatalog(_folder.FullName, [Card()], Store).Read(Card())
        );

        Assert.Equal("model-lock", e.Code);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ModelCard Card(string? sha = null, string? crc = null, long? count = null) =>
        new()
        {
            Id = "m",
            Role = "fuser",
            // Whose contract nobody knows.
            Family = "novelty",
            File = "m.onnx",
            Sha256 = sha,
            Crc32 = crc,
            ByteCount = count,
            Licence = "ResearchRAIL",
            Urls = ["https://example.org/m.onnx"],
        };

    private string[] Names() =>
        [.. Directory.GetFiles(Store.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>A sound model; another name, another model.</summary>
    private static byte[] Network(string name)
    {
        OnnxBuilder net = new();
        net.Output("output", net.Node("Relu", [net.Input("input", OnnxType.Float, 4)]), OnnxType.Float, 4);
        return net.ToBytes(name);
    }

    private async Task<ModelPin> KeepAsync(ModelCard card, byte[] content)
    {
        using ModelDraft draft = Store.OpenDraft(card, () => { }, Stop);
        draft.Restart(null);
        await draft.Content.WriteAsync(content, Stop);
        return await Store.KeepAsync(card, draft, "test", Stop);
    }
}
