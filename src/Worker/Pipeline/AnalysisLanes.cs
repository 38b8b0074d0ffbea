using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Sidecars;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// The analysis of a chunk on several threads: one finds and follows the boxes, frame by frame; lanes measure what a frame alone tells of
/// its faces (mesh, colour, embedding), each with an analyser of its own; and one looks through the window.
/// <code>
/// place ─► measure, in lanes ─► collect ─► frames with their final faces
/// </code>
/// </summary>
internal sealed class AnalysisLanes : IDisposable
{
    private readonly FrameAnalyser _detector;
    private readonly FrameAnalyser[] _analysers;
    private readonly ChunkAnalysis _analysis;
    private readonly Lanes<int> _lanes;
    private readonly Lock _gate = new();
    private double _milliseconds;

    /// <param name="newAnalyser">Makes one for each thread that runs models.</param>
    /// <param name="sidecars">As of <see cref="ChunkAnalysis"/>.</param>
    /// <param name="lanes">Threads that measure, at least 1.</param>
    /// <param name="ahead">Frames that may lie with others, beyond those that the analysis holds.</param>
    public AnalysisLanes(
        Func<FrameAnalyser> newAnalyser,
        AnalysisPlan plan,
        IReadOnlyList<Sidecar> sidecars,
        int lanes,
        int ahead
    )
    {
        _detector = newAnalyser();
        _analysers = [.. Enumerable.Range(0, lanes).Select(_ => newAnalyser())];
        _analysis = new ChunkAnalysis(_detector, plan, sidecars, FramesHeld(lanes) + ahead);
        _lanes = new Lanes<int>(lanes, (number, lane) => _analysis.Measure(number, _analysers[lane]));
        Placed = plan.DecodeRange.Start;
    }

    /// <summary>Frames for which models ran; 0 if sidecars knew everything.</summary>
    public int FramesAnalysed => _analysis.FramesAnalysed;

    private int Placed { get; set; }

    /// <summary>Most frames that are in so many lanes.</summary>
    public static int FramesHeld(int lanes) => Lanes<int>.Held(lanes);

    /// <summary>CPU milliseconds by part, once all threads have ended.</summary>
    public IReadOnlyDictionary<string, double> Milliseconds()
    {
        FrameAnalyser[] all = [_detector, .. _analysers];
        double detect = all.Sum(a => a.Times.Detect);
        double mesh = all.Sum(a => a.Times.Mesh);
        double embed = all.Sum(a => a.Times.Embed);
        return new Dictionary<string, double>
        {
            ["detect"] = detect,
            ["mesh"] = mesh,
            ["embed"] = embed,
            ["track"] = _milliseconds - detect - mesh - embed,
        };
    }

    /// <summary>Starts the threads of the lanes.</summary>
    public void Start(StageThreads stages, string name) =>
        _lanes.Start(stages, $"{name} measure", () => Book(CpuAccount.ThreadMilliseconds()), isAhead: true);

    /// <summary>Takes the frames of the plan's decode range in order.</summary>
    /// <param name="tryTake">Gives the next one; false: there are no more.</param>
    /// <param name="stop">Ends the waiting.</param>
    public void Place(TryTakeFrame tryTake, CancellationToken stop)
    {
        double start = CpuAccount.ThreadMilliseconds();
        while (tryTake(out Frame frame, stop))
        {
            _analysis.Push(frame);
            for (; Placed < _analysis.Placed; Placed++)
            {
                _lanes.Deal(Placed, stop);
            }
        }

        _analysis.Complete();
        _lanes.Complete(stop);
        Book(CpuAccount.ThreadMilliseconds() - start);
    }

    /// <summary>Gives the frames back in order, with their faces; those of margins have none.</summary>
    /// <param name="give">Receives a frame and its faces, which go back with <see cref="Recycle"/>.</param>
    /// <param name="stop">Ends the waiting.</param>
    public void Collect(Action<Frame, FrameFaces> give, CancellationToken stop)
    {
        double start = CpuAccount.ThreadMilliseconds();
        while (_lanes.TryCollect(out int number, stop))
        {
            _analysis.Collect(number);
            while (_analysis.TryPop(out Frame? frame, out FrameFaces? faces))
            {
                give(frame, faces);
            }
        }

        Book(CpuAccount.ThreadMilliseconds() - start);
    }

    /// <summary>Gives a frame's faces back for reuse; from any thread.</summary>
    public void Recycle(FrameFaces faces) => _analysis.Recycle(faces);

    /// <exception cref="InvalidOperationException">The analysis is not complete.</exception>
    public void WriteSidecar(string path) => _analysis.WriteSidecar(path);

    public void Dispose()
    {
        _analysis.Dispose();
        _lanes.Dispose();
        _detector.Dispose();
        foreach (FrameAnalyser analyser in _analysers)
        {
            analyser.Dispose();
        }
    }

    private void Book(double milliseconds)
    {
        lock (_gate)
        {
            _milliseconds += milliseconds;
        }
    }
}

/// <summary>Waits for the next frame; false: there are no more.</summary>
internal delegate bool TryTakeFrame(out Frame frame, CancellationToken stop);
