using System.Diagnostics.CodeAnalysis;
using FaceFusion.Batch.Faces.Sidecars;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Finds and tracks the faces of one chunk. Frames of <see cref="AnalysisPlan.DecodeRange"/> are pushed in order and come out in order,
/// each with its final faces once everything that these depend on was seen; frames of the margin come out without faces. The faces are
/// a function of the frames and their absolute numbers, not of the chunk.
/// <list type="number">
/// <item><see cref="Push"/>: boxes by <see cref="BoxPlacer"/> (nothing else runs the detector), and chains by <see cref="ChainLinker"/>,
/// which say which face is which of the frame before.</item>
/// <item><see cref="Measure"/>: each frame on its own: mesh, skin colour, embedding.</item>
/// <item><see cref="Collect"/> and <see cref="TryPop"/>: the window. <see cref="FaceFinisher"/> smooths, averages, names persons and covers
/// gaps along the chains.</item>
/// </list>
/// Three threads may do these three side by side, and any number the second, each of another frame: whoever hands a number on with a
/// barrier (a queue) hands on what was found. <see cref="Recycle"/> is for any thread.
/// </summary>
public sealed class ChunkAnalysis : IDisposable
{
    private readonly AnalysisPlan _plan;
    private readonly Sidecar[] _sidecars;
    private readonly SightingWindow _window;
    private readonly BoxPlacer _placer;
    private readonly ChainLinker _linker = new();
    private readonly SkinColor _skin;
    private readonly FaceFinisher _finisher;
    private readonly FrameFacesPool _pool = new();
    private readonly SidecarWriter _sidecar;
    private int _nextToCollect;
    private int _nextToPop;
    private bool _completed;

    /// <param name="analyser">Runs the detector, on the thread that pushes.</param>
    /// <param name="sidecars">Faces found earlier in the same target with the same settings and models; may cover any part of it.</param>
    /// <param name="ahead">Frames that may be on their way from <see cref="Push"/> to <see cref="Collect"/>.</param>
    public ChunkAnalysis(FrameAnalyser analyser, AnalysisPlan plan, IReadOnlyList<Sidecar> sidecars, int ahead = 0)
    {
        _plan = plan;
        _sidecars = [.. sidecars];
        _window = new SightingWindow(plan, ahead);
        _placer = new BoxPlacer(analyser, plan, _window);
        _skin = new SkinColor(analyser.Models.Mesh);
        _finisher = new FaceFinisher(plan, _window, analyser.Models.Mesh, _pool);
        _sidecar = new SidecarWriter(plan, plan.Settings.Key(analyser.Models.KeysFor(plan.Settings.Finding)));
        Placed = plan.DecodeRange.Start;
        _nextToCollect = plan.DecodeRange.Start;
        _nextToPop = plan.DecodeRange.Start;
    }

    /// <summary>Frames for which models ran; 0 if sidecars knew everything.</summary>
    public int FramesAnalysed { get; private set; }

    /// <summary>Frames before this number have their boxes and chains, and can be measured.</summary>
    public int Placed { get; private set; }

    /// <summary>Takes the next frame; it belongs to the analysis until <see cref="TryPop"/> gives it back.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not the next frame of the plan's decode range, or too many frames are on their way.
    /// </exception>
    public void Push(Frame frame)
    {
        if (frame.Number != _window.Next || frame.Number >= _plan.DecodeRange.End)
        {
            throw new InvalidOperationException(
                $"Frame {frame.Number} was pushed where {_window.Next} of {_plan.DecodeRange} was due."
            );
        }

        FrameSightings entry = _window.Add(needed: Volatile.Read(ref _nextToPop) - _plan.Window);
        entry.Frame = frame;
        foreach (Sidecar sidecar in _sidecars)
        {
            if (sidecar.TryRestore(entry, _window))
            {
                entry.Known = true;
                break;
            }
        }

        _placer.OnPushed(entry);
        FramesAnalysed += entry.Known || !_plan.Settings.Faces ? 0 : 1;
        for (; Placed < _window.Next && _window[Placed].Placed; Placed++)
        {
            if (Placed > _plan.DecodeRange.Start)
            {
                _linker.Link(_window[Placed - 1], _window[Placed]);
            }
        }
    }

    /// <summary>No more frames come.</summary>
    /// <exception cref="InvalidOperationException">Frames of the decode range are missing.</exception>
    public void Complete()
    {
        if (_window.Next != _plan.DecodeRange.End)
        {
            throw new InvalidOperationException(
                $"The frames [{_window.Next}, {_plan.DecodeRange.End}) were never pushed."
            );
        }

        _completed = true;
    }

    /// <summary>Runs the models on the faces of one frame, which is <see cref="Placed"/>.</summary>
    /// <param name="analyser">Of the calling thread.</param>
    public void Measure(int number, FrameAnalyser analyser)
    {
        FrameSightings entry = _window[number];
        if (!_plan.Settings.Landmarks || entry.Known)
        {
            return;
        }

        // At the first frame of a margin every face looks new; only the video's first frame makes it so.
        bool birthsCount = number > _plan.DecodeRange.Start || number == 0;
        foreach (Sighting face in entry.Faces)
        {
            bool embed = _plan.IsEmbedFrame(number) || (birthsCount && face.Previous is null);
            if (embed || _plan.IsMeshFrame(number))
            {
                Look(entry.Frame!, face, embed, analyser);
            }
        }
    }

    /// <summary>Takes in what <see cref="Measure"/> found in the next frame.</summary>
    /// <exception cref="InvalidOperationException">Another frame is next.</exception>
    public void Collect(int number)
    {
        if (number != _nextToCollect)
        {
            throw new InvalidOperationException($"Frame {number} was measured where {_nextToCollect} was due.");
        }

        if (_plan.Chunk.Contains(number))
        {
            _sidecar.Add(_window[number]);
        }

        _nextToCollect++;
    }

    /// <summary>The next frame that is ready, and its faces from left to right (none for a frame of the margin); give both back when done.</summary>
    public bool TryPop([NotNullWhen(true)] out Frame? frame, [NotNullWhen(true)] out FrameFaces? faces)
    {
        frame = null;
        faces = null;
        bool inChunk = _plan.Chunk.Contains(_nextToPop);
        int lastNeeded = Math.Min(inChunk ? _nextToPop + _plan.Window : _nextToPop, _plan.DecodeRange.End - 1);
        if (_nextToPop >= _plan.DecodeRange.End || _nextToCollect <= lastNeeded)
        {
            return false;
        }

        FrameSightings entry = _window[_nextToPop];
        faces = inChunk ? _finisher.Finish(_nextToPop) : _pool.Rent(_nextToPop);
        frame = entry.Frame!;
        entry.Frame = null;
        Volatile.Write(ref _nextToPop, _nextToPop + 1);
        return true;
    }

    /// <summary>Gives a frame's faces back for reuse; from any thread.</summary>
    public void Recycle(FrameFaces faces) => _pool.Return(faces);

    /// <summary>Writes what was found in the chunk's frames, for a later analysis of the same target.</summary>
    /// <exception cref="InvalidOperationException">The analysis is not complete.</exception>
    public void WriteSidecar(string path)
    {
        if (!_completed || _nextToCollect != _plan.DecodeRange.End)
        {
            throw new InvalidOperationException("The chunk's analysis is not complete.");
        }

        _sidecar.Save(path);
    }

    public void Dispose() => _sidecar.Dispose();

    private void Look(Frame frame, Sighting face, bool embed, FrameAnalyser analyser)
    {
        face.MeshScore = analyser.FindLandmarks(frame, face.Box, face.Landmarks);
        face.HasMesh = true;
        if (!face.Follows)
        {
            return;
        }

        face.Color = _skin.Measure(frame, face.Landmarks);
        if (embed)
        {
            analyser.Embed(frame, face.Landmarks, face.Embedding);
            foreach (ref float value in face.Embedding.AsSpan())
            {
                value = Quantise.Unit(value);
            }

            face.HasEmbedding = true;
        }
    }
}
