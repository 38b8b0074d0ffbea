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
    private readonly FrameRange _range;
    private readonly int _frameBytes;
    private DecodePlan _plan;
    private HardwareDecoder? _decoder;
    private IFrames _frames;
    private int _delivered;

    /// <param name="input">Local path of the target.</param>
    /// <param name="range">Frames to deliver; within the table.</param>
    public FrameReader(MediaTools tools, string input, VideoFormat format, FrameTable table, FrameRange range)
    {
        (_tools, _input, _range) = (tools, input, range);
        _frameBytes = FrameFormats.Of(format).FrameBytes;
        _plan = DecodePlan.For(format, table, range);
        _decoder = tools.Decoder is { } decoder && decoder.Takes(format) ? decoder : null;
        _frames = Open();
    }

    /// <summary>Decoding had to begin again at the target's start, because a seek did not land where the index said.</summary>
    public bool DecodedFromStart => _frames.BeganAtStart;

    /// <summary>Fills <paramref name="into"/> with the next frame and sets its number.</summary>
    /// <returns>False when the whole range has been delivered.</returns>
    /// <exception cref="InvalidVideoException"><c>video-frames-differ</c>, <c>video-truncated</c>, <c>video-size-changes</c>.</exception>
    /// <exception cref="MediaToolException"><c>decode-failed</c>.</exception>
    public bool Read(Frame into, CancellationToken cancellationToken)
    {
        if (_delivered == _range.Length)
        {
            return false;
        }

        if (into.Format.FrameBytes != _frameBytes)
        {
            throw new ArgumentException("The frame has another format than the target.", nameof(into));
        }

        try
        {
            _frames.Read(into, cancellationToken);
        }
        catch (FusionException e) when (_decoder is not null)
        {
            GoOnByCpu(e);
            _frames.Read(into, cancellationToken);
        }

        into.Number = _range.Start + _delivered;
        _delivered++;
        return true;
    }

    /// <summary>After the last frame: nothing may follow that is not in the table, and the decoder must have ended well.</summary>
    /// <exception cref="InvalidOperationException">Not all frames were read.</exception>
    public void Finish(CancellationToken cancellationToken = default)
    {
        if (_delivered != _range.Length)
        {
            throw new InvalidOperationException($"{_delivered} of {_range.Length} frames were read.");
        }

        try
        {
            _frames.Finish(cancellationToken);
        }
        catch (MediaToolException) when (_decoder is not null)
        {
            _tools.Decoder = null;
            throw;
        }
    }

    public void Dispose() => _frames.Dispose();

    private IFrames Open() => _decoder?.Open(_tools, _input, _plan) ?? new PipedFrames(_tools, _input, _plan);

    /// <summary>
    /// The card's decoder failed: whether the file is to blame, the CPU's says, from the next frame on. A file that it cannot read does not
    /// say that it will fail with the next one; anything else does.
    /// </summary>
    private void GoOnByCpu(FusionException failure)
    {
        _tools.Decoder = failure is InvalidVideoException ? _tools.Decoder : null;
        _frames.Dispose();
        _decoder = null;
        _plan = DecodePlan.For(_plan.Format, _plan.Table, new FrameRange(_range.Start + _delivered, _range.End));
        _frames = Open();
    }
}
