using System.Diagnostics;
using System.Globalization;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

public sealed class MemoryTests : IDisposable
{
    /// <summary>Of one frame in the decoder's format, 400 × 300 at 4:2:0.</summary>
    private const double FrameMegabytes = 400 * 300 * 1.5 / 1e6;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A leak of one frame a frame would take 190 MB more here, and one of the mesh's landmarks a frame 7. What is allowed is what the
    /// heap's and the allocator's first fill still costs after the short clip.
    /// </summary>
    [Fact]
    public async Task Fuse_TenTimesTheFrames_TakesHardlyMoreMemory()
    {
        double brief = await PeakMegabytesAsync(Clips.Talking, "brief.mp4");
        double tenfold = await PeakMegabytesAsync(Clips.TalkingTenTimes, "tenfold.mp4");

        TestContext.Current.SendDiagnosticMessage($"{brief:F0} MB for 120 frames, {tenfold:F0} MB for 1200");
        Assert.InRange(tenfold - brief, double.MinValue, 0.45 * 1080 * FrameMegabytes);
    }

    /// <summary>Peak resident memory of the one process that does everything but run ffmpeg.</summary>
    private async Task<double> PeakMegabytesAsync(string target, string output)
    {
        using Process ffb = Ffb.Start([
            .. Order.Fuse(_folder[output], target: target),
            "--workers",
            "2",
            "--chunk-frames",
            "60",
            "--quiet",
        ]);
        Task<string> errors = ffb.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task ended = ffb.WaitForExitAsync(TestContext.Current.CancellationToken);
        double peak = 0;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(ffb.Id));
            await Task.WhenAny(ended, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        await ended;
        Assert.True(ffb.ExitCode == 0, await errors);
        return peak;
    }

    /// <summary>What the kernel says; 0 where the process has ended.</summary>
    private static double PeakOf(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal), "VmHWM: 0 kB");
            return double.Parse(line[6..^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
