using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// Decodes exactly the frames of a range, in order. Every frame's timestamp is compared with the frame table before the frame is
/// handed over, so a wrong frame never leaves this class. Synchronous: meant for a thread of its own; allocates nothing per frame.
/// </summary>
public sealed class FrameReader : IDisposable
{
    private readonly MediaTools _tools;
    private readonly string _input;
    private readonly FrameFormat _frameFormat;
    private readonly byte[] _chroma;
    private DecodePlan _plan;
    private ChildTool? _child;
    private TimestampCheck? _check;
    private int _delivered;

    /// <param name="input">Local path of the target.</param>
    /// <param name="range">Frames to deliver; within the table.</param>
    public FrameReader(MediaTools tools, string input, VideoFormat format, FrameTable table, FrameRange range)
    {
        _tools = tools;
        _input = input;
        _frameFormat = FrameFormats.Of(format);
        _plan = DecodePlan.For(format, table, range) with
        {
            Decoder = tools.Decoder is { } decoder && decoder.Takes(format) ? decoder : null,
        };
        _chroma = _plan.Decoder is null ? [] : new byte[2 * _frameFormat.ChromaBytes];
    }

    /// <summary>Decoding had to begin again at the target's start, because a seek did not land where the index said.</summary>
    public bool DecodedFromStart { get; private set; }

    /// <summary>Fills <paramref name="into"/> with the next frame and sets its number.</summary>
    /// <returns>False when the whole range has been delivered.</returns>
    /// <exception cref="InvalidVideoException"><c>video-frames-differ</c>, <c>video-truncated</c>, <c>video-size-changes</c>.</exception>
    /// <exception cref="MediaToolException"><c>decode-failed</c>.</exception>
    public bool Read(Frame into, CancellationToken cancellationToken)
    {
        if (_delivered == _plan.Range.Length)
        {
            return false;
        }

        if (into.Format.FrameBytes != _frameFormat.FrameBytes)
        {
            throw new ArgumentException("The frame has another format than the target.", nameof(into));
        }

        try
        {
            ReadNext(into, cancellationToken);
        }
        catch (FusionException) when (_plan.Decoder is not null)
        {
            GoOnByCpu();
            ReadNext(into, cancellationToken);
        }

        into.Number = _plan.Range.Start + _delivered;
        _delivered++;
        return true;
    }

    /// <summary>After the last frame: nothing may follow, and ffmpeg must have ended well.</summary>
    /// <exception cref="InvalidOperationException">Not all frames were read.</exception>
    public void Finish()
    {
        if (_child is null || _check is null || _delivered != _plan.Range.Length)
        {
            throw new InvalidOperationException($"{_delivered} of {_plan.Range.Length} frames were read.");
        }

        Span<byte> more = stackalloc byte[1];
        int extra = _child.Output.Read(more);
        int exit = _child.WaitForExit();
        _check.ThrowIfFailed();
        if (extra != 0)
        {
            throw TimestampCheck.Differs(_plan.Range.End, "more frames came than the frame table has");
        }

        // A driver may fall over when it is put away: every frame has come by then, and an error of the stream would have been told.
        if (exit != 0 && (_plan.Decoder is null || _child.Errors.Length > 0))
        {
            _tools.Decoder = _plan.Decoder is null ? _tools.Decoder : null;
            throw ToolErrors.Decoding(_child.Errors);
        }
    }

    public void Dispose()
    {
        _child?.Dispose();
        _check?.Dispose();
    }

    private void ReadNext(Frame into, CancellationToken cancellationToken)
    {
        if (_child is null)
        {
            ReadTheFirst(into, cancellationToken);
            return;
        }

        _child.Bind(cancellationToken);
        ReadPlanes(into, cancellationToken);
    }

    private void ReadTheFirst(Frame into, CancellationToken cancellationToken)
    {
        if (_plan.Decoder is null)
        {
            StartChild(cancellationToken);
            SkipTo(into, cancellationToken);
            return;
        }

        HardwareDecoder.BeginStart(cancellationToken);
        try
        {
            StartChild(cancellationToken);
            SkipTo(into, cancellationToken);
        }
        finally
        {
            HardwareDecoder.EndStart();
        }
    }

    /// <summary>The card's decoder failed: whether the file is to blame, the CPU's says, from the next frame on.</summary>
    private void GoOnByCpu()
    {
        _tools.Decoder = null;
        _child?.Dispose();
        _check?.Dispose();
        _child = null;
        FrameRange rest = new(_plan.Range.Start + _delivered, _plan.Range.End);
        _plan = DecodePlan.For(_plan.Format, _plan.Table, rest);
        _delivered = 0;
    }

    private void StartChild(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _check = new TimestampCheck(_plan);
        _child = ChildTool.Start(
            _tools,
            MediaProgram.Ffmpeg,
            _plan.Arguments(_input),
            _plan.Decoder is null ? ToolLimits.Decoding(_frameFormat.FrameBytes) : HardwareDecoder.Limits,
            _check.TakeLine
        );
        _child.Bind(cancellationToken);
        _child.Input.Close();
    }

    private void SkipTo(Frame into, CancellationToken cancellationToken)
    {
        try
        {
            ReadFirst(into, cancellationToken);
        }
        catch (InvalidVideoException) when (_plan.SeekPts is not null)
        {
            // Containers without an index may land after the wanted group of pictures. From the start it is slow, and right.
            _child!.Dispose();
            _check!.Dispose();
            _plan = _plan.FromTheStart();
            DecodedFromStart = true;
            StartChild(cancellationToken);
            ReadFirst(into, cancellationToken);
        }
    }

    private void ReadFirst(Frame into, CancellationToken cancellationToken)
    {
        for (int i = 0; i <= _plan.Skip; i++)
        {
            ReadPlanes(into, cancellationToken);
        }
    }

    private void ReadPlanes(Frame into, CancellationToken cancellationToken)
    {
        if (_plan.Decoder is null)
        {
            Fill(into.Bytes, cancellationToken);
        }
        else
        {
            Fill(into.Plane(0), cancellationToken);
            Fill(_chroma, cancellationToken);
            SemiPlanar.Split(_chroma, into.Plane(1), into.Plane(2));
        }

        if (!_check!.WaitForNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EndedEarly();
        }
    }

    private void Fill(Span<byte> rest, CancellationToken cancellationToken)
    {
        while (!rest.IsEmpty)
        {
            int count = _child!.Output.Read(rest);
            if (count == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw EndedEarly();
            }

            rest = rest[count..];
        }
    }

    private FusionException EndedEarly()
    {
        int exit = _child!.WaitForExit();
        _check!.ThrowIfFailed();
        return exit == 0 ? _check.Short() : ToolErrors.Decoding(_child.Errors);
    }
}
