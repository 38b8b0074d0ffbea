using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>What <c>nvidia-smi</c> says of the cards while something runs; where there is none, nothing.</summary>
internal sealed class GpuWatch : IDisposable
{
    private readonly Process? _child;
    private readonly List<(double Percent, double Mebibytes)> _looks = [];

    public GpuWatch()
    {
        ProcessStartInfo start = new("nvidia-smi") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            string argument in (string[])
                ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits", "--loop-ms=200"]
        )
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            _child = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return;
        }

        _child!.OutputDataReceived += (_, e) => Add(e.Data);
        _child.ErrorDataReceived += static (_, _) => { };
        _child.BeginOutputReadLine();
        _child.BeginErrorReadLine();
    }

    /// <summary>Null: no card was seen.</summary>
    public GpuUse? Use
    {
        get
        {
            lock (_looks)
            {
                return _looks.Count == 0
                    ? null
                    : new GpuUse(
                        _looks.Average(l => l.Percent),
                        _looks.Max(l => l.Percent),
                        _looks.Max(l => l.Mebibytes),
                        _looks.Count
                    );
            }
        }
    }

    public void Dispose()
    {
        if (_child is { HasExited: false })
        {
            _child.Kill();
            _child.WaitForExit();
        }

        _child?.Dispose();
    }

    private void Add(string? line)
    {
        double[] values =
        [
            .. (line ?? "")
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(v =>
                    double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN
                ),
        ];
        if (values is [not double.NaN, not double.NaN])
        {
            lock (_looks)
            {
                _looks.Add((values[0], values[1]));
            }
        }
    }
}

/// <summary>Use of the cards while the job ran.</summary>
/// <param name="MeanPercent">Share of the time in which a kernel ran.</param>
/// <param name="MostPercent">The highest such share of a look.</param>
/// <param name="MostMebibytes">Memory in use, of all programs.</param>
/// <param name="Looks">How often it was asked, cards counted each.</param>
internal sealed record GpuUse(double MeanPercent, double MostPercent, double MostMebibytes, int Looks);
