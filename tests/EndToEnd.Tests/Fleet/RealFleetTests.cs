using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>The real parts do what the embedded ones do, to the last bit of every frame, and do it again.</summary>
public sealed class RealFleetTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Fuse_OnRealParts_GivesTheFramesOfTheEmbeddedRun_AndOfAReplay()
    {
        using TestFolder folder = new();
        string clip = folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-t", "2", "-c", "copy");
        FfbResult embedded = await Ffb.RunAsync(
            Order.Fuse(folder["embedded.mp4"], target: clip, more: ["--work", folder["work"]])
        );
        Assert.True(embedded.Exit == 0, embedded.Error);
        string[] expected = Reports.FrameHashes(folder["work"]);

        await using FleetProcesses fleet = await FleetProcesses.StartAsync(workers: 2);
        FfbResult fused = await fleet.AskAsync([
            .. (string[])["submit", "--source", Clips.Portrait, "--target", clip, "--preset", "veryfast"],
            .. (string[])
                ["--chunk-frames", "17", "--watch", "--output", folder["fleet.mp4"], "--output-format", "json"],
        ]);
        Assert.True(fused.Exit == 0, fused.Error);
        string job = fused.Json.GetProperty("id").GetString()!;
        IReadOnlyList<ChunkReport> chunks = await fleet.ReadChunksAsync(job);
        FfbResult replayed = await fleet.AskAsync("chunks", "replay", job, "--compare", "--output-format", "json");

        Assert.Equal(expected, chunks.SelectMany(c => c.FrameHashes));
        Assert.Equal(["w0", "w1"], chunks.Select(c => c.WorkerId).Distinct().Order());
        Assert.Equal(VideoFacts.FrameTimes(clip), VideoFacts.FrameTimes(folder["fleet.mp4"]));
        Assert.True(replayed.Exit == 0, replayed.Error);
        JsonElement[] replays = [.. replayed.Json.GetProperty("replays").EnumerateArray()];
        output.WriteLine(string.Join('\n', replays.Select(r => r.ToString())));
        Assert.Equal(chunks.Count, replays.Length);
        Assert.All(replays, r => Assert.Equal("SAME", r.GetProperty("state").GetString()));
        Assert.All(
            replays,
            r => Assert.Equal(r.GetProperty("acceptedFramesHash").GetString(), r.GetProperty("framesHash").GetString())
        );
        Assert.DoesNotContain(fleet.Lines, line => line.Contains("sig=", StringComparison.Ordinal));
        Assert.DoesNotContain(fleet.Lines, line => line.Contains("AccountKey", StringComparison.Ordinal));
    }
}
