namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>All jobs of a scenario, in columns: a million of them take 40 MB.</summary>
internal sealed class JobTable
{
    private readonly string[] _names;

    public JobTable(Scenario scenario, Chance chance)
    {
        int count = scenario.Jobs;
        (Tenant, Priority, Frames) = (new int[count], new int[count], new int[count]);
        (SubmittedAt, FirstAt, EndedAt) = (new double[count], new double[count], new double[count]);
        Array.Fill(FirstAt, double.NaN);
        _names = [.. Enumerable.Range(1, scenario.Tenants).Select(n => $"tenant-{n}")];
        double[] tenants = Sums(Enumerable.Range(1, scenario.Tenants).Select(n => Math.Pow(n, -scenario.TenantSkew)));
        double[] priorities = Sums(scenario.Priorities.Select(p => p.Share));
        double at = 0;
        for (int job = 0; job < count; job++)
        {
            if (scenario.JobsPerHour is { } rate)
            {
                at += job == 0 ? 0 : chance.Exponential(3600 / rate);
            }

            SubmittedAt[job] = at;
            Tenant[job] = Draw(tenants, chance);
            Priority[job] = scenario.Priorities[Draw(priorities, chance)].Priority;
            double frames = scenario.FramesMedian * Math.Exp(scenario.FramesSpread * chance.Normal());
            Frames[job] = (int)Math.Clamp(Math.Round(frames), 1, 20_000_000);
        }
    }

    public int[] Tenant { get; }
    public int[] Priority { get; }

    /// <summary>Of each target.</summary>
    public int[] Frames { get; }

    public double[] SubmittedAt { get; }

    /// <summary>When its first chunk was begun; not a number before.</summary>
    public double[] FirstAt { get; }

    public double[] EndedAt { get; }

    /// <summary>Jobs that have come and are not over.</summary>
    public int Open { get; set; }

    public int Over { get; set; }

    public int Failed { get; set; }

    public string NameOf(int job) => _names[Tenant[job]];

    /// <summary>Waits of the jobs by a name; those with the most jobs first.</summary>
    public IReadOnlyList<WaitGroup> Waits(Func<int, string> nameOf) =>
        [
            .. Enumerable
                .Range(0, Frames.Length)
                .GroupBy(nameOf)
                .Select(group => Waits(group.Key, [.. group]))
                .OrderByDescending(group => group.Jobs)
                .ThenBy(group => group.Name, StringComparer.Ordinal),
        ];

    private WaitGroup Waits(string name, int[] jobs)
    {
        double[] waits =
        [
            .. jobs.Where(j => !double.IsNaN(FirstAt[j])).Select(j => FirstAt[j] - SubmittedAt[j]).Order(),
        ];
        double[] ends = [.. jobs.Select(j => EndedAt[j] - SubmittedAt[j]).Order()];
        return new WaitGroup(
            name,
            jobs.Length,
            waits.DefaultIfEmpty().Average(),
            Quantile(waits, 0.5),
            Quantile(waits, 0.95),
            Quantile(waits, 1),
            Quantile(ends, 0.5),
            Quantile(ends, 0.95)
        );
    }

    private static double Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[(int)Math.Round(share * (sorted.Length - 1))];

    private static double[] Sums(IEnumerable<double> shares)
    {
        double sum = 0;
        return [.. shares.Select(share => sum += share)];
    }

    private static int Draw(double[] sums, Chance chance)
    {
        int at = Array.BinarySearch(sums, chance.Uniform() * sums[^1]);
        return Math.Min(sums.Length - 1, at < 0 ? ~at : at + 1);
    }
}
