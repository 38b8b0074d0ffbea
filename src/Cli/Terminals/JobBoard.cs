using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>
/// Jobs of a fleet while they are watched, on stderr: on a terminal one live line for each, otherwise one line for each state and
/// each 10 %.
/// </summary>
/// <param name="error">stderr.</param>
/// <param name="options">Of the terminal.</param>
/// <param name="ids">What is watched; with one alone, lines do not name it.</param>
/// <param name="clock">For speeds.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class JobBoard(
    TextWriter error,
    TerminalOptions options,
    IReadOnlyList<string> ids,
    TimeProvider clock,
    Func<int> width
)
{
    private const int BarWidth = 20;
    private const int MostLines = 20;
    private const int ShortId = 8;

    private readonly Dictionary<string, Row> _rows = [];
    private int _drawn;

    public void Show(ApiJob job)
    {
        Row row = _rows.GetValueOrDefault(job.Id) ?? (_rows[job.Id] = new Row(clock));
        row.Take(job);
        if (options.Quiet)
        {
            return;
        }

        if (options.ErrorIsTerminal)
        {
            Draw();
        }
        else if (row.IsWorthALine())
        {
            error.WriteLine(ids.Count == 1 ? row.Text : $"{job.Id} {row.Text}");
            error.Flush();
        }
    }

    /// <summary>A line among the live ones.</summary>
    public void Note(string line)
    {
        if (!options.Quiet)
        {
            End();
            error.WriteLine(line);
            if (options.ErrorIsTerminal && _rows.Count > 0)
            {
                Draw();
            }
        }
    }

    /// <summary>Takes the live lines away, so that what follows stands on lines of its own.</summary>
    public void End()
    {
        for (; _drawn > 0; _drawn--)
        {
            error.Write("\u001b[1A\u001b[2K");
        }

        error.Flush();
    }

    private void Draw()
    {
        End();
        List<KeyValuePair<string, Row>> shown =
        [
            // Where not all have room, those that are over make it.
            .. _rows
                .OrderBy(r => _rows.Count > MostLines && r.Value.HasEnded)
                .ThenBy(r => r.Key, StringComparer.Ordinal)
                .Take(MostLines),
        ];
        foreach ((string id, Row row) in shown)
        {
            string name = ids.Count == 1 ? "" : $"…{id[^Math.Min(ShortId, id.Length)..]} ";
            int room = Math.Max(0, width() - 1 - name.Length - BarWidth - 1);
            string text = row.Text.Length <= room ? row.Text : row.Text[..room];
            error.WriteLine($"{name}{Bar(row.Percent)} {text}");
        }

        _drawn = shown.Count;
        if (_rows.Count > MostLines)
        {
            error.WriteLine($"and {_rows.Count - MostLines} more");
            _drawn++;
        }

        error.Flush();
    }

    private string Bar(int percent)
    {
        int filled = Math.Clamp(percent * BarWidth / 100, 0, BarWidth);
        string bar = $"{new string('━', filled)}{new string('─', BarWidth - filled)}";
        return options.Color ? $"\u001b[36m{bar}\u001b[0m" : bar;
    }

    /// <summary>One job, and how fast it has been since it was first seen running.</summary>
    private sealed class Row(TimeProvider clock)
    {
        private JobProgress _now = new("", 0, 0, 0);
        private (int Frames, long At)? _first;
        private (string Stage, int Tenth)? _said;

        public string Text { get; private set; } = "";

        public bool HasEnded { get; private set; }

        public int Percent => _now.Percent;

        public void Take(ApiJob job)
        {
            int done = job.Progress?.FramesDone ?? 0;
            int total = job.Progress?.FramesTotal ?? 0;
            double perSecond = 0;
            if (job.State == JobStep.Running)
            {
                (int frames, long at) = _first ??= (done, clock.GetTimestamp());
                double seconds = clock.GetElapsedTime(at).TotalSeconds;
                perSecond = seconds > 0 ? (done - frames) / seconds : 0;
            }

            _now = new JobProgress($"{job.State}".ToLowerInvariant(), done, total, perSecond);
            HasEnded = Client.JobWatch.HasEnded(job.State);
            string why =
                job.Failure is { } failure ? $": {failure.Message} ({failure.Code})"
                : job.CancelReason is { } reason ? $": {reason}"
                : "";
            Text = Printable.Of(
                HasEnded ? $"{_now.Stage}{why}"
                : job.State == JobStep.Running ? $"{_now}"
                : _now.Stage
            );
        }

        public bool IsWorthALine()
        {
            (string Stage, int Tenth) now = (_now.Stage, _now.Percent / 10);
            bool isNew = _said is not { } said || said.Stage != now.Stage || said.Tenth < now.Tenth;
            if (isNew)
            {
                _said = now;
            }

            return isNew;
        }
    }
}
