using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>
/// Which faults are armed in this process. The tests arm them by lines on standard input (<c>die after-upload 2</c>,
/// <c>lose ChunkFused 1</c>, <c>skew clock 0 -5000</c>, <c>clear</c>): what, where, at which time that it is passed, and milliseconds.
/// </summary>
internal sealed class FaultSwitch
{
    private readonly ConcurrentDictionary<string, (int Left, int Milliseconds)> _armed = new();
    private long _skew;

    /// <summary>By how much this process's clock is wrong.</summary>
    public TimeSpan Skew => TimeSpan.FromMilliseconds(Interlocked.Read(ref _skew));

    /// <summary>Ends the process as <c>kill -9</c> does if this point is armed and its time has come.</summary>
    public void Pass(string point)
    {
        if (Strikes($"die {point}") is not null)
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    /// <summary>Milliseconds of a fault whose time has come; null: nothing is to happen.</summary>
    public int? Strikes(string fault)
    {
        if (_armed.IsEmpty || !_armed.TryGetValue(fault, out (int Left, int Milliseconds) armed))
        {
            return null;
        }

        (int Left, int Milliseconds) next = (armed.Left - 1, armed.Milliseconds);
        if (!_armed.TryUpdate(fault, next, armed))
        {
            return Strikes(fault);
        }

        if (next.Left != 0)
        {
            return null;
        }

        Console.Out.WriteLine($"struck {fault}");
        Console.Out.Flush();
        return next.Milliseconds;
    }

    /// <summary>Listens until the tests are gone, and then ends the process.</summary>
    public void Listen()
    {
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int milliseconds = words.Length > 3 ? int.Parse(words[3], CultureInfo.InvariantCulture) : 0;
            if (words[0] == "clear")
            {
                _armed.Clear();
                _ = Interlocked.Exchange(ref _skew, 0);
            }
            else if (words[0] == "skew")
            {
                _ = Interlocked.Exchange(ref _skew, milliseconds);
            }
            else
            {
                _armed[$"{words[0]} {words[1]}"] = (int.Parse(words[2], CultureInfo.InvariantCulture), milliseconds);
            }
        }

        Process.GetCurrentProcess().Kill();
    }
}
