using System.Globalization;
using FaceFusion.Batch.Faults.Tests.Checking;
using FaceFusion.Batch.Faults.Tests.Fleet;
using FaceFusion.Batch.Faults.Tests.Schedules;
using Xunit;

[assembly: AssemblyFixture(typeof(FaceFusion.Batch.Faults.Tests.FaultBench))]

namespace FaceFusion.Batch.Faults.Tests;

/// <summary>Whatever fails, no frame is lost and every job ends. <c>FFB_FAULT_SEEDS</c>: how many; <c>FFB_FAULT_FROM</c>: the first.</summary>
public sealed class FaultTests(FaultBench bench)
{
    private const int InShort = 3;

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(Read("FFB_FAULT_FROM") ?? 0, Read("FFB_FAULT_SEEDS") ?? InShort)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Job_UnderFaults_KeepsEveryInvariant(int seed)
    {
        var schedule = FaultSchedule.Of(seed);
        SeedOutcome outcome = await bench.RunAsync(schedule);
        await bench.AddAsync(outcome);
        IReadOnlyList<string> breaches =
        [
            .. outcome.Jobs.SelectMany(job => Invariants.Check(job, bench.Reference)),
            .. bench.Fleet.Words().Where(IsSecret).Select(line => $"Invariant 10: a log line holds a secret: {line}"),
        ];
        Assert.True(
            breaches.Count == 0,
            $"{schedule}\n{string.Join('\n', breaches)}\n./test.sh faults --seed {seed} runs it again."
        );
    }

    private static bool IsSecret(string line) =>
        line.Contains("sig=", StringComparison.Ordinal)
        || line.Contains("AccountKey=", StringComparison.Ordinal)
        || line.Contains("Password=", StringComparison.Ordinal);

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
