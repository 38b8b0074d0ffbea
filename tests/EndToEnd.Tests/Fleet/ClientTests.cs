using System.Text.Json;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>A fleet and its client as a user has them: processes that know of each other an address and a key.</summary>
public sealed class ClientTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _listen = $"127.0.0.1:{FreePort.Find()}";

    [Fact]
    public async Task SubmitWatchDownload_CoordinatorIsKilledInBetween_ResultIsWholeAndRight()
    {
        Assert.Equal(0, (await Ffb.RunAsync("keys", "create", "--work", Work, "--output", Key)).Exit);
        string fused = _folder["fused.mp4"];
        using (HeardFfb first = await UpAsync())
        {
            using HeardFfb submitted = new([
                .. Client("submit", "--source", Clips.Portrait, "--target", Clips.Talking),
                .. (string[])["--preset", "veryfast", "--chunk-frames", "10", "--watch", "--output", fused],
                .. (string[])["--output-format", "jsonl"],
            ]);
            await submitted.UntilAsync("^running +[1-9]");
            first.Signal("KILL");
            await submitted.UntilAsync("waiting for it");
            _ = await first.EndAsync();

            using HeardFfb second = await UpAsync();
            await submitted.UntilAsync("^The server is back");
            Assert.Equal(0, await submitted.EndAsync());

            string[] changes = (await submitted.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            JsonElement job = JsonDocument.Parse(changes[^1]).RootElement;
            Assert.Equal("SUCCEEDED", job.GetProperty("state").GetString());
            string id = job.GetProperty("id").GetString()!;
            string sha256 = job.GetProperty("resultSha256").GetString()!;
            Assert.Equal(sha256, VideoFacts.Sha256(fused));
            Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(fused));

            string again = _folder["again.mp4"];
            FfbResult fetched = await Ffb.RunAsync(Client("jobs", "download", id, "--output", again));
            Assert.Equal((0, again + "\n"), (fetched.Exit, fetched.Output));
            Assert.Equal(sha256, VideoFacts.Sha256(again));
            FfbResult refused = await Ffb.RunAsync(Client("jobs", "download", id, "--output", again));
            Assert.Equal((7, ""), (refused.Exit, refused.Output));

            FfbResult chunks = await Ffb.RunAsync(
                Client("chunks", "list", id, "--attempts", "--output-format", "jsonl")
            );
            Assert.Equal(12, chunks.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }

        Assert.DoesNotContain(_folder.Entries, name => name.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_CtrlC_DetachesAndTheJobGoesOn()
    {
        Assert.Equal(0, (await Ffb.RunAsync("keys", "create", "--work", Work, "--output", Key)).Exit);
        using HeardFfb up = await UpAsync();
        using HeardFfb submitted = new([
            .. Client("submit", "--source", Clips.Portrait, "--target", Clips.Talking, "--watch"),
            .. (string[])["--preset", "veryfast", "--chunk-frames", "20"],
        ]);
        await submitted.UntilAsync("running");
        submitted.Signal("INT");

        Assert.Equal(130, await submitted.EndAsync());
        string line = submitted.Lines.Single(l => l.StartsWith("Detached", StringComparison.Ordinal));
        string id = line.Split(' ')[^1];
        Assert.Contains($"ffb jobs watch {id}", line, StringComparison.Ordinal);
        FfbResult watched = await Ffb.RunAsync(Client("jobs", "watch", id));
        Assert.Equal(0, watched.Exit);
        Assert.Contains("succeeded", watched.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelsVerify_ADamagedFile_IsNamed()
    {
        string models = _folder["models"];
        _ = Directory.CreateDirectory(models);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Footage.SolutionFolder(), "models")))
        {
            File.Copy(file, Path.Combine(models, Path.GetFileName(file)));
        }

        Dictionary<string, string> environment = new() { ["FFB_MODELS"] = models };
        FfbResult whole = await Ffb.RunAsync(environment, "models", "verify");
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(models, "mobilefacenet.onnx"), Stop);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(models, "mobilefacenet.onnx"), bytes, Stop);
        FfbResult damaged = await Ffb.RunAsync(environment, "models", "verify");

        Assert.Equal(0, whole.Exit);
        Assert.Equal(11, damaged.Exit);
        Assert.Matches("mobilefacenet +bad ", damaged.Output);
        Assert.Matches("detector-full-range +good ", damaged.Output);
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Work => _folder["work"];

    private string Key => _folder["key"];

    private string[] Client(params string[] arguments) =>
        [.. arguments, "--server", $"http://{_listen}", "--key-file", Key];

    private async Task<HeardFfb> UpAsync()
    {
        HeardFfb up = new("up", "--work", Work, "--listen", _listen, "--drain", "0");
        await up.UntilAsync("is ready");
        return up;
    }
}
