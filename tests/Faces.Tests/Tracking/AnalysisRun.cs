using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Sidecars;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tests.Tracking;

/// <summary>Analyses a clip chunk by chunk and writes down every value of every face.</summary>
internal sealed class AnalysisRun(TestClip clip, Recipe recipe)
{
    public IReadOnlyList<Person> People { get; init; } = [];

    public IReadOnlyList<Sidecar> Sidecars { get; init; } = [];

    /// <summary>Where sidecars go; null: none are written.</summary>
    public string? Folder { get; init; }

    public int FramesAnalysed { get; private set; }

    /// <summary>Bytes allocated by pushing frames, once each chunk has run in.</summary>
    public long Allocated { get; private set; }

    public Action<FrameFaces> OnFaces { get; init; } = static _ => { };

    /// <summary>One line a frame, in order.</summary>
    public string[] Run(int chunkFrames) => Run(chunkFrames, new FrameRange(0, clip.Count));

    /// <summary>Chunks of only a part of the clip; other frames' lines are null.</summary>
    public string[] Run(int chunkFrames, FrameRange part)
    {
        string[] lines = new string[clip.Count];
        using var analyser = new FrameAnalyser(TestModels.BuiltIn, 0, recipe.Faces.MinScore);
        for (int start = part.Start; start < part.End; start += chunkFrames)
        {
            var range = new FrameRange(start, Math.Min(part.End, start + chunkFrames));
            AnalysisPlan plan = AnalysisPlan.For(recipe, range, clip.Count, clip.Format, 0, People);
            RunChunk(analyser, plan, lines);
        }

        return lines;
    }

    private void RunChunk(FrameAnalyser analyser, AnalysisPlan plan, string[] lines)
    {
        using var analysis = new ChunkAnalysis(analyser, plan, Sidecars);
        using var pool = new FramePool(plan.Format, plan.Lookahead + 1);
        int next = plan.DecodeRange.Start;
        int measured = next;
        for (int number = plan.DecodeRange.Start; number < plan.DecodeRange.End; number++)
        {
            Frame frame = pool.Rent(CancellationToken.None);
            clip.Load(number, frame);
            long before = GC.GetAllocatedBytesForCurrentThread();
            analysis.Push(frame);
            for (; measured < analysis.Placed; measured++)
            {
                analysis.Measure(measured, analyser);
                analysis.Collect(measured);
            }

            Allocated += number > plan.Chunk.Start + 40 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            next = Pop(analysis, plan, pool, lines, next);
        }

        analysis.Complete();
        next = Pop(analysis, plan, pool, lines, next);
        FramesAnalysed += analysis.FramesAnalysed;
        if (next != plan.DecodeRange.End || pool.Rented != 0)
        {
            throw new InvalidOperationException($"Frames stopped coming at {next}; {pool.Rented} are missing.");
        }

        if (Folder is not null)
        {
            analysis.WriteSidecar(Path.Combine(Folder, $"{plan.Chunk.Start:00000}.faces"));
        }
    }

    private int Pop(ChunkAnalysis analysis, AnalysisPlan plan, FramePool pool, string[] lines, int next)
    {
        while (analysis.TryPop(out Frame? frame, out FrameFaces? faces))
        {
            if (frame.Number != next || faces.Number != next)
            {
                throw new InvalidOperationException($"Frame {frame.Number} came where {next} was due.");
            }

            if (plan.Chunk.Contains(next))
            {
                lines[next] = Describe(faces);
                OnFaces(faces);
            }

            analysis.Recycle(faces);
            pool.Return(frame);
            next++;
        }

        return next;
    }

    /// <summary>Every bit: floats in round-trip form.</summary>
    private static string Describe(FrameFaces frame) =>
        string.Join(
            "\n",
            frame.Faces.Select(face =>
                $"{frame.Number} {face.Box} {face.Score} {face.Person} {face.TrackId} {face.Yaw} {face.Pitch} {face.Color} "
                + $"{face.Interpolated} {face.HasLandmarks} "
                + (face.HasLandmarks ? string.Join(' ', face.Landmarks) : "")
                + (face.Embedding is null ? "" : $" e {string.Join(' ', face.Embedding)}")
            )
        );
}
