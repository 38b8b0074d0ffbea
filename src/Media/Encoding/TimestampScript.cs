using System.Text;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>
/// An ffmpeg expression that gives frame <c>N</c> of a segment its timestamp: ticks since the segment's first frame. Frames at a
/// constant distance form a run; the runs are found by a binary tree of comparisons, so that thousands of them stay quick.
/// </summary>
internal static class TimestampScript
{
    public static string For(FrameTable table, FrameRange range)
    {
        List<Run> runs = FindRuns(table.Pts.AsSpan(range.Start, range.Length));
        StringBuilder script = new();
        Write(script, runs, 0, runs.Count);
        return script.ToString();
    }

    private static List<Run> FindRuns(ReadOnlySpan<long> pts)
    {
        List<Run> runs = [];
        for (int i = 0; i < pts.Length; )
        {
            long step = i + 1 < pts.Length ? pts[i + 1] - pts[i] : 0;
            int end = i + 1;
            while (end < pts.Length && pts[end] - pts[end - 1] == step)
            {
                end++;
            }

            runs.Add(new Run(i, pts[i] - pts[0], step));
            i = end;
        }

        return runs;
    }

    private static void Write(StringBuilder script, List<Run> runs, int start, int end)
    {
        if (end - start == 1)
        {
            Run run = runs[start];
            script.Append($"{run.Pts}+(N-{run.Frame})*{run.Step}");
            return;
        }

        int middle = (start + end) / 2;
        script.Append($"if(lt(N,{runs[middle].Frame}),");
        Write(script, runs, start, middle);
        script.Append(',');
        Write(script, runs, middle, end);
        script.Append(')');
    }

    /// <param name="Frame">Number of the run's first frame in the segment.</param>
    /// <param name="Pts">Its timestamp.</param>
    /// <param name="Step">Ticks from each of its frames to the next.</param>
    private readonly record struct Run(int Frame, long Pts, long Step);
}
