using System.Diagnostics;
using System.Globalization;

namespace FaceFusion.Batch.Benchmarks.Kernels;

/// <summary>One side of the comparison: a process that reads the name of a kernel a line and answers with microseconds a call.</summary>
internal sealed class KernelLine : IDisposable
{
    /// <summary>Makes this program such a side.</summary>
    public const string Argument = "kernel-line";

    private const int MeasureMilliseconds = 60;
    private readonly Process _process;

    private KernelLine(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        Version = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{start.FileName} ended.");
    }

    /// <summary>What the process calls itself.</summary>
    public string Version { get; }

    /// <summary>This program.</summary>
    /// <param name="hasVectors">False: without vector instructions, so that the scalar specifications run.</param>
    public static KernelLine Own(bool hasVectors)
    {
        ProcessStartInfo start = new("dotnet", [typeof(KernelLine).Assembly.Location, Argument]);
        if (!hasVectors)
        {
            start.Environment["DOTNET_EnableHWIntrinsic"] = "0";
        }

        return new KernelLine(start);
    }

    /// <summary>The distribution's Python, which has the distribution's OpenCV; another may come first in the path.</summary>
    public static KernelLine OpenCv() =>
        new(
            new ProcessStartInfo(
                "/usr/bin/python3",
                [Path.Combine(AppContext.BaseDirectory, "Kernels", "opencv_kernels.py")]
            )
        );

    /// <returns>Microseconds a call; 0: it has no such kernel.</returns>
    public double Measure(string kernel)
    {
        _process.StandardInput.WriteLine(kernel);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Version} ended.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <summary>Answers on the standard streams until the input ends.</summary>
    public static void Serve()
    {
        using KernelCalls calls = new();
        Console.WriteLine(System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription);
        while (Console.ReadLine() is { } name)
        {
            double microseconds = calls.All[name] is { } run ? Time(run) : 0;
            Console.WriteLine(microseconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static double Time(Action run)
    {
        run();
        int count = 0;
        long start = Stopwatch.GetTimestamp();
        do
        {
            run();
            count++;
        } while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < MeasureMilliseconds);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }
}
