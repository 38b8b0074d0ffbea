namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>How far one stage of some work is.</summary>
/// <param name="Stage">What is being done.</param>
internal abstract record StageProgress(string Stage)
{
    /// <summary>0 to 100; 0 while the total is not known.</summary>
    public abstract int Percent { get; }

    /// <summary>How much there is to be done is known.</summary>
    public abstract bool HasTotal { get; }

    /// <summary>The same stage behind all that it had to do.</summary>
    public abstract StageProgress Finished { get; }

    internal static string Clock(TimeSpan time) =>
        time.TotalHours >= 1
            ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
            : $"{time.Minutes}:{time.Seconds:00}";
}

/// <summary>How far a job is.</summary>
/// <param name="Stage">What is being done, in one word: <c>read</c>, <c>prepare</c>, <c>scan</c>, <c>fuse</c>, <c>assemble</c>.</param>
/// <param name="FramesDone">Frames that the stage has behind it.</param>
/// <param name="FramesTotal">0 while it is not known.</param>
/// <param name="FramesPerSecond">Of this run; 0 while it is not known.</param>
internal sealed record JobProgress(string Stage, int FramesDone, int FramesTotal, double FramesPerSecond)
    : StageProgress(Stage)
{
    /// <summary>Null while nothing can be said.</summary>
    public TimeSpan? Remaining =>
        FramesTotal > 0 && FramesPerSecond > 0
            ? TimeSpan.FromSeconds((FramesTotal - FramesDone) / FramesPerSecond)
            : null;

    public override int Percent => FramesTotal > 0 ? (int)(100L * FramesDone / FramesTotal) : 0;

    public override bool HasTotal => FramesTotal > 0;

    public override StageProgress Finished => this with { FramesDone = FramesTotal };

    public override string ToString()
    {
        if (FramesTotal == 0)
        {
            return FramesDone > 0 ? $"{Stage} {FramesDone} frames" : Stage;
        }

        string speed = FramesPerSecond > 0 ? $", {FramesPerSecond:0.0} fps" : "";
        string remaining = FramesDone < FramesTotal && Remaining is TimeSpan left ? $", {Clock(left)} left" : "";
        return $"{Stage} {Percent, 3} %  {FramesDone}/{FramesTotal} frames{speed}{remaining}";
    }
}

/// <summary>Shows progress on stderr: one live line on a terminal, otherwise one line for each stage and each 10 %.</summary>
internal sealed class ProgressView(TextWriter error, TerminalOptions options)
{
    private const int BarWidth = 24;
    private const string EraseLine = "\r\u001b[2K";

    private StageProgress? _last;
    private bool _live;

    public void Show(StageProgress progress)
    {
        if (options.Quiet)
        {
            return;
        }

        if (options.ErrorIsTerminal)
        {
            ShowLive(progress);
        }
        else
        {
            ShowLine(progress);
        }
    }

    /// <summary>Takes the live line away, so that what follows stands on a line of its own.</summary>
    public void End()
    {
        if (_live)
        {
            error.Write(EraseLine);
            _live = false;
        }
    }

    private void ShowLive(StageProgress progress)
    {
        int filled = progress.Percent * BarWidth / 100;
        string bar = $"{new string('━', filled)}{new string('─', BarWidth - filled)}";
        string painted = options.Color ? $"\u001b[36m{bar}\u001b[0m" : bar;
        error.Write($"{EraseLine}{painted} {progress}");
        error.Flush();
        _live = true;
    }

    private void ShowLine(StageProgress progress)
    {
        bool sameStage = progress.Stage == _last?.Stage;
        if (sameStage && (progress.Percent / 10 <= _last!.Percent / 10 || !progress.HasTotal))
        {
            return;
        }

        // A quick stage may end between two looks: its last line is owed all the same.
        if (!sameStage && _last is { Stage: "fuse", Percent: < 100 } && progress.Stage is "assemble" or "succeeded")
        {
            error.WriteLine(_last!.Finished);
        }

        _last = progress;
        error.WriteLine(progress);
        error.Flush();
    }
}
