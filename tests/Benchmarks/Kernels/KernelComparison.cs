using System.Globalization;

namespace FaceFusion.Batch.Benchmarks.Kernels;

/// <summary>
/// Each kernel as it runs, without vector instructions, and as OpenCV has it, one thread each, in turns, so that whatever else the machine
/// does meets all three; medians.
/// </summary>
internal static class KernelComparison
{
    /// <summary>The first turns are for the just-in-time compiler and are not counted.</summary>
    private const int WarmTurns = 4;
    private const int Turns = 9;

    public static Task RunAsync()
    {
        using KernelCalls names = new();
        using KernelLine vector = KernelLine.Own(hasVectors: true);
        using KernelLine scalar = KernelLine.Own(hasVectors: false);
        using KernelLine openCv = KernelLine.OpenCv();
        KernelLine[] lines = [vector, scalar, openCv];
        Dictionary<(string, KernelLine), List<double>> times = [];
        for (int turn = 0; turn < WarmTurns + Turns; turn++)
        {
            foreach (string name in names.All.Keys)
            {
                foreach (KernelLine line in lines)
                {
                    double microseconds = line.Measure(name);
                    if (turn >= WarmTurns)
                    {
                        _ = times.TryAdd((name, line), []);
                        times[(name, line)].Add(microseconds);
                    }
                }
            }
        }

        Console.WriteLine($"{vector.Version}; OpenCV {openCv.Version}; one thread; microseconds a call");
        Console.WriteLine("| kernel | vectors | scalar | OpenCV | scalar / vectors | OpenCV / vectors |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (string name in names.All.Keys)
        {
            double[] found = [.. lines.Select(line => Median(times[(name, line)]))];
            Console.WriteLine(
                $"| {name} | {Number(found[0])} | {Number(found[1])} | {Number(found[2])} | {Ratio(found[1], found[0])} | {Ratio(found[2], found[0])} |"
            );
        }

        return Task.CompletedTask;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Number(double value) => value == 0 ? "" : value.ToString("0", CultureInfo.InvariantCulture);

    private static string Ratio(double over, double under) =>
        over == 0 || under == 0 ? "" : (over / under).ToString("0.00", CultureInfo.InvariantCulture);
}
