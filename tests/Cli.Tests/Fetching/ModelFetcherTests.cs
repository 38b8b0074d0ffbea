using System.Security.Cryptography;
using FaceFusion.Batch.Cli.Fetching;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Store;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Fetching;

public sealed class ModelFetcherTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-fetch-");
    private readonly byte[] _model = Network();
    private FileHost _host = null!;

    private ModelStore Store => new(_folder.FullName);

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync(_model);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Fetch_ConnectionCutAgainAndAgain_GoesOnWhereItWas()
    {
        _host.Cuts.Enqueue(100_000);
        _host.Cuts.Enqueue(150_000);

        ModelPin pin = await FetchAsync(Card(isHashed: true));

        Assert.Equal((HashOf(_model), (long)_model.Length, true), (pin.Sha256, pin.ByteCount, pin.IsPublished));
        string[] asked = [.. _host.Asked];
        Assert.Equal(3, asked.Length);
        Assert.Matches("^/one/m.onnx bytes=[0-9]+- \"1\"$", asked[1]);
        Assert.Matches("^/one/m.onnx bytes=[0-9]+- \"1\"$", asked[2]);
        Assert.Equal(["m.onnx", "models.lock.json"], Names());
    }

    [Fact]
    public async Task Fetch_StoppedForGood_LeavesAPartThatTheNextRunGoesOnWith()
    {
        _host.Cuts.Enqueue(100_000);
        _host.Refuse = request =>
            request.Headers.Range.Count > 0 || request.Path.StartsWithSegments("/two") ? 503 : null;
        ModelException e = await Assert.ThrowsAsync<ModelException>(() => FetchAsync(Card(isHashed: true)));
        Assert.Equal(["m.onnx.part", "m.onnx.part.from"], Names());
        Assert.Equal(("model-fetch", true), (e.Code, e.IsTransient));
        Assert.Contains("answered 503", e.Message, StringComparison.Ordinal);

        _host.Refuse = _ => null;
        _host.Asked.Clear();
        _ = await FetchAsync(Card(isHashed: true));

        Assert.Matches("^/one/m.onnx bytes=[1-9][0-9]+- \"1\"$", Assert.Single(_host.Asked));
        Assert.Equal(["m.onnx", "models.lock.json"], Names());
    }

    [Fact]
    public async Task Fetch_FileChangedInBetween_TakesNothingOfTheOldOne()
    {
        byte[] old = [.. _model.Select(b => (byte)~b)];
        _host.Content = old;
        _host.Cuts.Enqueue(100_000);
        int asked = 0;
        _host.Refuse = _ =>
        {
            if (asked++ == 1)
            {
                (_host.Content, _host.Tag) = (_model, "\"2\"");
            }

            return null;
        };

        // Without a published hash nothing but the tag would tell.
        ModelPin pin = await FetchAsync(Card(isHashed: false));

        Assert.Equal(HashOf(_model), pin.Sha256);
        Assert.Equal(2, _host.Asked.Count);
    }

    [Fact]
    public async Task Fetch_ServerWithoutATag_BeginsAgain()
    {
        _host.Tag = null;
        _host.Cuts.Enqueue(100_000);

        Assert.Equal(HashOf(_model), (await FetchAsync(Card(isHashed: false))).Sha256);
        Assert.Equal(["/one/m.onnx", "/one/m.onnx"], _host.Asked);
    }

    [Fact]
    public async Task Fetch_FirstAddressHasNothing_TakesTheSecond()
    {
        _host.Refuse = request => request.Path.StartsWithSegments("/one") ? 404 : null;

        ModelPin pin = await FetchAsync(Card(isHashed: true));

        Assert.Equal(["/one/m.onnx", "/two/m.onnx"], _host.Asked);
        Assert.EndsWith("/two/m.onnx", pin.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_WrongBytes_TriesTheOtherAddressAndKeepsNothing()
    {
        ModelCard card = Card(isHashed: true);
        _host.Content = [.. _model[..^1], (byte)~_model[^1]];

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => FetchAsync(card));

        Assert.Equal("model-hash", e.Code);
        Assert.Equal(["/one/m.onnx", "/two/m.onnx"], _host.Asked);
        Assert.Empty(Names());
    }

    /// <summary>A page that says "not found" with a good conscience is no model, whatever nobody has published of it.</summary>
    [Fact]
    public async Task Fetch_NoModel_TriesTheOtherAddressAndPinsNothing()
    {
        _host.Content = "<!DOCTYPE html><title>Sign in</title>"u8.ToArray();

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => FetchAsync(Card(isHashed: false)));

        Assert.Equal("model-format", e.Code);
        Assert.Equal(["/one/m.onnx", "/two/m.onnx"], _host.Asked);
        Assert.Empty(Names());
        Assert.Null(Store.PinOf(Card(isHashed: false)));
    }

    [Fact]
    public async Task Fetch_AnotherSize_IsRefusedBeforeItIsFetched()
    {
        ModelCard card = Card(isHashed: false) with { ByteCount = _model.Length - 1 };

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => FetchAsync(card));

        Assert.Equal("model-fetch", e.Code);
        Assert.Contains(
            $"has {_model.Length} bytes of it and not {_model.Length - 1}",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Fetch_LargerThanAnyModel_IsRefused()
    {
        FetchLimits small = Limits with { MostBytes = 1000 };

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => FetchAsync(Card(isHashed: false), small));

        Assert.Contains("no runtime loads", e.Message, StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Fetch_SilentServer_IsGivenUp()
    {
        FetchLimits hasty = Limits with { Silence = TimeSpan.FromMilliseconds(50), MostTries = 1 };
        await using ScriptedServer mute = await ScriptedServer.StartAsync(
            (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted)
        );

        ModelException e = await Assert.ThrowsAsync<ModelException>(() =>
            FetchAsync(Card(isHashed: false), hasty, mute.Address.GetLeftPart(UriPartial.Authority))
        );

        Assert.Contains("was silent for too long", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/elsewhere/m.onnx", true)]
    [InlineData("http://example.org/m.onnx", false)]
    [InlineData("file:///etc/passwd", false)]
    public async Task Fetch_Redirect_IsFollowedWhereItIsSafe(string to, bool isFollowed)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            async (http, _) =>
            {
                if (http.Request.Path == "/one/m.onnx")
                {
                    http.Response.Redirect(to);
                    return;
                }

                http.Response.StatusCode = http.Request.Path == "/elsewhere/m.onnx" ? 200 : 404;
                await http.Response.Body.WriteAsync(http.Response.StatusCode == 200 ? _model : []);
            }
        );
        string mirror = server.Address.GetLeftPart(UriPartial.Authority);
        Task<ModelPin> fetching = FetchAsync(Card(isHashed: true), Limits, mirror);

        if (isFollowed)
        {
            Assert.Equal($"{mirror}/one/m.onnx", (await fetching).From);
            return;
        }

        ModelException e = await Assert.ThrowsAsync<ModelException>(() => fetching);
        Assert.Contains("points to an address without TLS", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_TwoAtOnce_FetchOnce()
    {
        ModelPin[] pins = await Task.WhenAll(
            Task.Run(() => FetchAsync(Card(isHashed: false)), Stop),
            Task.Run(() => FetchAsync(Card(isHashed: false)), Stop)
        );

        Assert.Equal(pins[0], pins[1]);
        _ = Assert.Single(_host.Asked);
        Assert.Equal(["m.onnx", "models.lock.json"], Names());
    }

    [Fact]
    public async Task Fetch_Cancelled_LeavesOnlyThePart()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using ScriptedServer slow = await ScriptedServer.StartAsync(
            async (http, _) =>
            {
                http.Response.Headers.ETag = "\"1\"";
                http.Response.ContentLength = _model.Length;
                await http.Response.Body.WriteAsync(_model.AsMemory(0, 100_000));
                await http.Response.Body.FlushAsync();
                string part = Path.Combine(_folder.FullName, "m.onnx.part");
                while (!File.Exists(part) || new FileInfo(part).Length == 0)
                {
                    await Task.Delay(10);
                }

                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
        );
        using ModelFetcher fetcher = Fetcher(Limits, slow.Address.GetLeftPart(UriPartial.Authority));

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(Card(true), stop.Token));

        Assert.Equal(["m.onnx.part", "m.onnx.part.from"], Names());
    }

    [Theory]
    [InlineData("http://example.org")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://example.org/path")]
    [InlineData("https://user:secret@example.org")]
    [InlineData("nonsense")]
    public void Mirror_ThatIsNotSafe_IsRefused(string mirror) =>
        Assert.Equal("usage", Assert.Throws<InvalidRecipeException>(() => ModelAddresses.Parse(mirror)).Code);

    [Fact]
    public void Addresses_WithoutTls_AreNotAsked()
    {
        ModelCard card = Card(false) with
        {
            Urls = ["http://example.org/m.onnx", "file:///m.onnx", "https://example.org/m.onnx"],
        };

        Assert.Equal(["https://example.org/m.onnx"], new ModelAddresses(null).Of(card).Select(url => $"{url}"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static FetchLimits Limits =>
        new()
        {
            Pause = TimeSpan.FromMilliseconds(1),
            MostTries = 2,
            Silence = TimeSpan.FromSeconds(20),
        };

    private Task<ModelPin> FetchAsync(ModelCard card) => FetchAsync(card, Limits, _host.Url);

    private Task<ModelPin> FetchAsync(ModelCard card, FetchLimits limits) => FetchAsync(card, limits, _host.Url);

    private async Task<ModelPin> FetchAsync(ModelCard card, FetchLimits limits, string mirror)
    {
        using ModelFetcher fetcher = Fetcher(limits, mirror);
        return await fetcher.FetchAsync(card, Stop);
    }

    private ModelFetcher Fetcher(FetchLimits limits, string mirror) =>
        new(
            Store,
            ModelAddresses.Parse(mirror),
            new Terminal(
                TextWriter.Null,
                TextWriter.Null,
                new TerminalOptions(OutputFormat.Table, Quiet: true, false, false, false, false)
            ),
            limits
        );

    private ModelCard Card(bool isHashed) =>
        new()
        {
            Id = "m",
            Role = "fuser",
            // Whose contract nobody knows.
            Family = "novelty",
            File = "m.onnx",
            Licence = "MIT",
            Sha256 = isHashed ? HashOf(_model) : null,
            Urls = ["https://example.org/one/m.onnx", "https://example.org/two/m.onnx"],
        };

    /// <summary>400 KB and a little, of which no part is like another.</summary>
    private static byte[] Network()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 100_000);
        float[] weights = [.. Enumerable.Range(0, 100_000).Select(i => i * 0.7919f)];
        net.Output("output", net.Node("Add", [x, net.Constant([100_000], weights)]), OnnxType.Float, 100_000);
        return net.ToBytes("large");
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string[] Names() =>
        [.. Directory.GetFiles(_folder.FullName).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
