using System.Diagnostics;
using System.Globalization;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>
/// CPU seconds of this process and of its children that have ended, by the system's own count: start, loader and end of a child are in
/// it. On a machine that does other work, too, it says more than the clock.
/// </summary>
/// <param name="Own">Seconds of all threads of this process.</param>
/// <param name="Children">Seconds of ended children and of theirs; 0 where the system does not tell.</param>
internal sealed record CpuUse(double Own, double Children)
{
    private const string Status = "/proc/self/stat";
    private const int TicksPerSecond = 100;

    public double Seconds => Own + Children;

    /// <summary>Since this process began.</summary>
    public static CpuUse Now()
    {
        using Process self = Process.GetCurrentProcess();
        double own = self.TotalProcessorTime.TotalSeconds;
        if (!File.Exists(Status))
        {
            return new CpuUse(own, 0);
        }

        // proc(5): the name may hold blanks and ends with the last bracket; cutime and cstime are fields 16 and 17, the state is 3.
        string text = File.ReadAllText(Status);
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long ticks =
            long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
        return new CpuUse(own, (double)ticks / TicksPerSecond);
    }

    public CpuUse Since(CpuUse before) => new(Own - before.Own, Children - before.Children);
}
