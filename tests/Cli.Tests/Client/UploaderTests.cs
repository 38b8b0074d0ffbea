using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Uploads;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

public sealed class UploaderTests
{
    private const int BlockBytes = 1000;

    [Fact]
    public async Task BringAsync_BrokenOff_GoesOnWithTheBlocksThatAreMissing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(BlockBytes);
        using ApiConnection connection = await ConnectAsync(fleet);
        using CancellationTokenSource killed = new();
        int puts = 0;
        fleet.Intercept = async http =>
        {
            // Four are on their way at a time: when the sixth comes, two have arrived.
            bool isLate = http.Request.Method == "PUT" && Interlocked.Increment(ref puts) > 5;
            if (isLate)
            {
                await killed.CancelAsync();
                http.Abort();
            }

            return isLate;
        };
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BringAsync(connection, killed.Token));
        fleet.Intercept = null;
        int there = Blocks(fleet).Distinct().Count();
        fleet.Requests.Clear();

        ApiUpload upload = await BringAsync(connection, Stop);

        long all = (new FileInfo(Files.TinyClip).Length + BlockBytes - 1) / BlockBytes;
        Assert.Equal(UploadStep.Ready, upload.State);
        Assert.True(all > 7, $"{all} blocks are too few to show anything.");
        Assert.InRange(Blocks(fleet).Length, all - there, all - 2);
    }

    [Fact]
    public async Task BringAsync_BytesThatAreThere_AreNotSentAgain()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(BlockBytes);
        using ApiConnection connection = await ConnectAsync(fleet);
        ApiUpload first = await BringAsync(connection, Stop);
        fleet.Requests.Clear();

        ApiUpload again = await BringAsync(connection, Stop);
        string copy = fleet.PathOf("renamed.mp4");
        File.Copy(Files.TinyClip, copy);
        ApiUpload renamed = await BringAsync(connection, Stop, copy);

        Assert.Equal(first.Id, again.Id);
        Assert.True(renamed.Deduplicated);
        Assert.Empty(Blocks(fleet));
    }

    [Fact]
    public async Task BringAsync_BlockRefusedForAMoment_IsSentAgain()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(BlockBytes);
        using ApiConnection connection = await ConnectAsync(fleet);
        int puts = 0;
        fleet.Intercept = async http =>
        {
            bool isBad = http.Request.Method == "PUT" && Interlocked.Increment(ref puts) % 3 == 1;
            if (isBad)
            {
                await ScriptedServer.ProblemAsync(http, 503, "unavailable", "Later.");
            }

            return isBad;
        };

        ApiUpload upload = await BringAsync(connection, Stop);

        Assert.Equal(UploadStep.Ready, upload.State);
        Assert.True(puts > Blocks(fleet).Distinct().Count());
    }

    [Fact]
    public async Task BringAsync_NoVideo_IsRefusedByName()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        using ApiConnection connection = await ConnectAsync(fleet);
        string text = fleet.PathOf("text.mp4");
        await File.WriteAllTextAsync(text, "not a video at all", Stop);

        ApiCallException refused = await Assert.ThrowsAsync<ApiCallException>(() => BringAsync(connection, Stop, text));

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.StartsWith("video-", refused.Code, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string[] Blocks(TestFleet fleet) =>
        [.. fleet.Requests.Where(request => request.StartsWith("PUT ", StringComparison.Ordinal))];

    private static async Task<ApiConnection> ConnectAsync(TestFleet fleet)
    {
        string key = await File.ReadAllTextAsync(await fleet.KeyFileAsync(), Stop);
        return new ApiConnection(new Uri(fleet.Server + "/"), key, TimeProvider.System);
    }

    private static Task<ApiUpload> BringAsync(ApiConnection connection, CancellationToken stop, string? path = null)
    {
        TerminalOptions options = new(OutputFormat.Table, false, false, false, false, false);
        Uploader uploader = new(connection, new ProgressView(TextWriter.Null, options));
        return uploader.BringAsync(path ?? Files.TinyClip, UploadFor.Target, stop);
    }
}
