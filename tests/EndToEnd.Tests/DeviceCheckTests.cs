using System.Text.Json;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Whole jobs on footage, on the CPU and on this machine's GPU.</summary>
public sealed class DeviceCheckTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The comparison itself: two runs of the CPU are the same to the bit.</summary>
    [Fact]
    public async Task Check_TheCpuWithItself_IsTheSame()
    {
        FfbResult run = await CheckAsync("cpu", "--built-in-only");

        Assert.True(run.Exit == 0, run.Error);
        JsonElement parity = run.Json.GetProperty("clips").GetProperty("built-in");
        Assert.Equal(24, parity.GetProperty("sameFrames").GetInt32());
        Assert.Equal(24, parity.GetProperty("faces").GetInt32());
        Assert.InRange(parity.GetProperty("fusedShare").GetDouble(), 0.02, 0.5);
    }

    [Fact]
    public async Task Check_AGpu_FusesTheSameFrames()
    {
        FfbResult run = await CheckAsync("cuda");

        Assert.SkipWhen(
            run.Error.Contains("(device-missing)", StringComparison.Ordinal),
            "No device but the CPU can be used here."
        );
        Assert.True(run.Exit == 0, run.Output + run.Error);
    }

    [Theory]
    [InlineData("missing.mp4", "video-missing", 6)]
    [InlineData("deep.mp4", "clip-format", 2)]
    public async Task Check_WhatCannotBeCompared_IsRefused_AndLeavesNothing(string name, string code, int exit)
    {
        Clips.Make(_folder["deep.mp4"], "-i", Clips.Talking, "-an", "-frames:v", "2", "-pix_fmt", "yuv420p10le");

        FfbResult run = await RunAsync("cpu", _folder[name]);

        Assert.Contains($"({code})", run.Error, StringComparison.Ordinal);
        Assert.Equal(exit, run.Exit);
        Assert.Equal(["deep.mp4"], _folder.Entries);
    }

    private Task<FfbResult> CheckAsync(string device, params string[] more)
    {
        string clip = _folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-an", "-frames:v", "24", "-c:v", "libx264", "-crf", "16");
        return RunAsync(device, clip, more);
    }

    private Task<FfbResult> RunAsync(string device, string clip, params string[] more) =>
        Ffb.RunAsync([
            "device-check",
            "--device",
            device,
            "--clip",
            clip,
            "--source",
            Clips.Frontal,
            "--work",
            _folder["results"],
            "--output-format",
            "json",
            .. more,
        ]);
}
