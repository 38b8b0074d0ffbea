using System.Security.Cryptography;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Outputs;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

public sealed class DownloaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-cli-");
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(100_000);
    private readonly List<string> _ranges = [];

    [Fact]
    public async Task FetchAsync_ConnectionBreaksOff_GoesOnFromThere()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, number) => SendAsync(http, most: number < 2 ? 30_000 : int.MaxValue)
        );

        await FetchAsync(server, Output());

        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Place, Stop));
        Assert.Equal(["", "bytes=30000-", "bytes=60000-"], _ranges);
        Assert.Equal([Path.GetFileName(Place)], Names);
    }

    [Fact]
    public async Task FetchAsync_HalfIsThere_FetchesTheOther()
    {
        await File.WriteAllBytesAsync(Part, _bytes[..40_000], Stop);
        await using ScriptedServer server = await ScriptedServer.StartAsync((http, _) => SendAsync(http));

        await FetchAsync(server, Output());

        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Place, Stop));
        Assert.Equal(["bytes=40000-"], _ranges);
    }

    [Fact]
    public async Task FetchAsync_HalfIsThereAndRangesAreNotTaken_BeginsAgain()
    {
        await File.WriteAllBytesAsync(Part, new byte[40_000], Stop);
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) => http.Response.Body.WriteAsync(_bytes, http.RequestAborted).AsTask()
        );

        await FetchAsync(server, Output());

        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Place, Stop));
    }

    [Fact]
    public async Task FetchAsync_OtherBytes_AreNotKept()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) => http.Response.Body.WriteAsync(new byte[_bytes.Length], http.RequestAborted).AsTask()
        );

        ApiCallException wrong = await Assert.ThrowsAsync<ApiCallException>(() => FetchAsync(server, Output()));

        Assert.Equal((ExitCode.VerificationFailed, "result-digest"), (wrong.Exit, wrong.Code));
        Assert.Empty(Names);
    }

    [Fact]
    public async Task FetchAsync_MoreBytesThanSaid_AreNotWritten()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync((http, _) => SendAsync(http));

        ApiCallException wrong = await Assert.ThrowsAsync<ApiCallException>(() =>
            FetchAsync(server, Output() with { Bytes = 1000 })
        );

        Assert.Equal(ExitCode.VerificationFailed, wrong.Exit);
        Assert.False(File.Exists(Place));
    }

    [Fact]
    public async Task FetchAsync_TheStoreHasIt_GetsNoKey()
    {
        await using ScriptedServer store = await ScriptedServer.StartAsync((http, _) => SendAsync(http));
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = $"{store.Address}blob?sig=secret";
                return Task.CompletedTask;
            }
        );

        await FetchAsync(server, Output());

        Assert.Equal(_bytes, await File.ReadAllBytesAsync(Place, Stop));
        Assert.Equal([""], store.Seen);
    }

    [Fact]
    public async Task FetchAsync_FileAppearedMeanwhile_StaysAsItIs()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            async (http, _) =>
            {
                await File.WriteAllTextAsync(Place, "mine", http.RequestAborted);
                await SendAsync(http);
            }
        );

        _ = await Assert.ThrowsAnyAsync<Exception>(() => FetchAsync(server, Output()));

        Assert.Equal("mine", await File.ReadAllTextAsync(Place, Stop));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Place => Path.Combine(_folder.FullName, "out.mp4");

    private string Part => $"{Place}.{Output().Sha256![..8]}.part";

    private string[] Names => [.. _folder.EnumerateFiles().Select(file => file.Name)];

    private ApiOutput Output() =>
        new()
        {
            Name = "result",
            Kind = OutputFor.Result,
            FileName = "clip.fused.mp4",
            ContentType = "video/mp4",
            Bytes = _bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(_bytes)),
        };

    private async Task FetchAsync(ScriptedServer server, ApiOutput output)
    {
        using ApiConnection connection = new(server.Address, "ffb_k", TimeProvider.System);
        TerminalOptions options = new(OutputFormat.Table, false, false, false, false, false);
        Downloader downloader = new(connection, new ProgressView(TextWriter.Null, options));
        await downloader.FetchAsync("job_1", output, Place, overwrite: false, Stop);
    }

    /// <summary>The bytes or the range of them that is asked for; breaks the connection after <paramref name="most"/> of them.</summary>
    private async Task SendAsync(HttpContext http, int most = int.MaxValue)
    {
        string range = http.Request.Headers.Range.ToString();
        _ranges.Add(range);
        int from = range.Length > 0 ? int.Parse(range["bytes=".Length..].TrimEnd('-'), null) : 0;
        byte[] rest = _bytes[from..];
        http.Response.StatusCode = from > 0 ? 206 : 200;
        http.Response.ContentLength = rest.Length;
        await http.Response.Body.WriteAsync(rest.AsMemory(0, Math.Min(most, rest.Length)), http.RequestAborted);
        // With fewer bytes than it has announced the server closes the connection behind those that it has sent.
    }
}
