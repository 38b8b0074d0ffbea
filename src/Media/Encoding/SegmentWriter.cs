using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>
/// Encodes the frames of a range into one segment whose timestamps are those of the frame table, relative to the range's first frame.
/// Synchronous: meant for a thread of its own; allocates nothing per frame. Without <see cref="Finish"/> no file is left behind.
/// </summary>
public sealed class SegmentWriter : IDisposable
{
    private const int LongestInlineScript = 2_000;
    private readonly MediaTools _tools;
    private readonly string _path;
    private readonly VideoFormat _format;
    private readonly FrameTable _table;
    private readonly FrameRange _range;
    private readonly ChildTool _child;
    private readonly string? _scriptPath;
    private readonly int _frameBytes;
    private int _written;
    private bool _finished;

    /// <param name="path">Local path of the segment to write; replaced if it exists.</param>
    /// <param name="choice">As it is on this machine.</param>
    public SegmentWriter(
        MediaTools tools,
        string path,
        VideoFormat format,
        FrameTable table,
        FrameRange range,
        EncoderChoice choice
    )
    {
        _tools = tools;
        _path = path;
        _format = format;
        _table = table;
        _range = range;
        _frameBytes = FrameFormats.Of(format).FrameBytes;
        string filter = Filter();
        if (filter.Length > LongestInlineScript)
        {
            _scriptPath = path + ".filter";
            File.WriteAllText(_scriptPath, filter);
        }

        _child = ChildTool.Start(
            tools,
            MediaProgram.Ffmpeg,
            Arguments(choice, filter),
            choice.Device is null ? ToolLimits.Encoding(_frameBytes) : HardwareEncoder.Limits
        );
    }

    /// <summary>Hands the next frame of the range to the encoder; blocks while the encoder is busy.</summary>
    public void Write(Frame frame, CancellationToken cancellationToken = default)
    {
        if (frame.Format.FrameBytes != _frameBytes || frame.Number != _range.Start + _written)
        {
            throw new ArgumentException(
                $"Frame {frame.Number} came where frame {_range.Start + _written} was due, or it has another format.",
                nameof(frame)
            );
        }

        _child.Bind(cancellationToken);
        try
        {
            _child.Input.Write(frame.Bytes);
        }
        catch (IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _child.WaitForExit();
            throw ToolErrors.Writing(_child.Errors, "encoding a segment");
        }

        _written++;
    }

    /// <summary>Ends the segment and checks the file: every frame is there with its timestamp.</summary>
    /// <exception cref="InvalidOperationException">Not all frames were written.</exception>
    /// <exception cref="Contracts.Errors.MediaToolException"><c>encode-failed</c>, <c>segment-not-exact</c>.</exception>
    public SegmentFacts Finish(CancellationToken cancellationToken = default)
    {
        if (_written != _range.Length)
        {
            throw new InvalidOperationException($"{_written} of {_range.Length} frames were written.");
        }

        _child.Bind(cancellationToken);
        _child.Input.Close();
        int exit = _child.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        if (exit != 0)
        {
            throw ToolErrors.Writing(_child.Errors, "encoding a segment");
        }

        SegmentFacts facts = _format.IsStill
            ? SegmentCheck.OfStill(_path, cancellationToken)
            : SegmentCheck.Run(_tools, _path, _format, _table, _range, cancellationToken);
        _finished = true;
        return facts;
    }

    public void Dispose()
    {
        _child.Dispose();
        if (_scriptPath is not null)
        {
            File.Delete(_scriptPath);
        }

        if (!_finished)
        {
            File.Delete(_path);
        }
    }

    /// <summary>
    /// Ticks per second of the segment's and the result's video track: the time base's denominator, doubled until players with a
    /// coarse clock are content. Doubling keeps every timestamp exact.
    /// </summary>
    internal static int TrackTimescale(Rational timeBase)
    {
        int timescale = timeBase.Den;
        while (timescale < 10_000)
        {
            timescale *= 2;
        }

        return timescale;
    }

    private string Filter()
    {
        Rational aspect = _format.SampleAspectRatio;
        return _format.IsStill
            ? "scale=in_color_matrix=bt601:in_range=pc:flags=accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24"
            : $"settb={_format.TimeBase},setpts='{TimestampScript.For(_table, _range)}',"
                + $"setfield={EncoderChoice.FieldFilter(_format.FieldOrder)},setsar={aspect.Num}/{aspect.Den}";
    }

    private List<string> Arguments(EncoderChoice choice, string filter)
    {
        List<string> arguments =
        [
            "-protocol_whitelist",
            "pipe",
            "-format_whitelist",
            "rawvideo",
            "-f",
            "rawvideo",
            "-pix_fmt",
            _format.PixelFormat,
            "-s",
            $"{_format.Width}x{_format.Height}",
            "-framerate",
            _format.FrameRate.ToString(),
            "-i",
            "pipe:0",
        ];
        if (_scriptPath is null)
        {
            arguments.AddRange(["-vf", filter]);
        }
        else
        {
            arguments.AddRange([_tools.Version.Major >= 7 ? "-/filter:v" : "-filter_script:v", _scriptPath]);
        }

        if (_format.IsStill)
        {
            arguments.AddRange(["-frames:v", "1", "-c:v", "png", "-f", "image2pipe"]);
        }
        else
        {
            arguments.AddRange(["-fps_mode", "passthrough", "-enc_time_base", _format.TimeBase.ToString()]);
            arguments.AddRange(choice.Arguments(_format));
            arguments.AddRange(["-video_track_timescale", $"{TrackTimescale(_format.TimeBase)}"]);
            arguments.AddRange(["-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp4"]);
        }

        arguments.AddRange(["-y", InputRules.FileUrl(_path)]);
        return arguments;
    }
}
