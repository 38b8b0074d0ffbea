using System.Buffers.Text;
using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// The packets of a target from a key frame on, in decoding order, as a card's decoder wants them: with start codes, and with the headers
/// of the sequence before every key frame. ffmpeg takes them out of their container, in a process of its own, and says the timestamp and
/// the size of each on stderr before it writes it.
/// </summary>
internal sealed class PacketFeed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ChildTool _child;
    private readonly Queue<(long Pts, int Size)> _announced = new();
    private readonly object _gate = new();
    private readonly int _largest;
    private readonly string _clock;
    private byte[] _buffer;
    private bool _clockFits;
    private bool _isOdd;
    private bool _hasEnded;

    /// <param name="input">Local path of the target.</param>
    /// <param name="plan">Where to begin; its format is H.264 or H.265.</param>
    public PacketFeed(MediaTools tools, string input, DecodePlan plan, CancellationToken cancellationToken)
    {
        int frameBytes = FrameFormats.Of(plan.Format).FrameBytes;
        _largest = 1_048_576 + (2 * frameBytes);
        _buffer = GC.AllocateUninitializedArray<byte>(frameBytes, pinned: true);
        Rational clock = plan.Table.TimeBase;
        _clock = string.Create(CultureInfo.InvariantCulture, $"#tb 0: {clock.Num}/{clock.Den}");
        _child = ChildTool.Start(
            tools,
            MediaProgram.Ffmpeg,
            Arguments(input, plan),
            ToolLimits.Probing with
            {
                Purpose = "unwrap packets",
                CpuSeconds = 86_400,
            },
            TakeLine,
            AtEnd
        );
        _child.Bind(cancellationToken);
        _child.Input.Close();
    }

    /// <summary>The packet that was read last, from the start of the array; it does not move.</summary>
    public byte[] Packet => _buffer;

    /// <summary>Reads the next packet into <see cref="Packet"/>.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="Contracts.Errors.MediaToolException"><c>decode-failed</c>: it did not come, or it is none.</exception>
    public bool Read(out long pts, out int length, CancellationToken cancellationToken)
    {
        _child.Bind(cancellationToken);
        if (!TryTakeAnnounced(out pts, out length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return _child.WaitForExit() == 0 ? false : throw ToolErrors.Decoding(_child.Errors);
        }

        if (length > _buffer.Length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Min(2 * length, _largest), pinned: true);
        }

        if (_child.TryFill(_buffer.AsSpan(0, length)))
        {
            return true;
        }

        // Announced and not written: ffmpeg was ended in between.
        cancellationToken.ThrowIfCancellationRequested();
        _ = _child.WaitForExit();
        throw ToolErrors.Decoding(_child.Errors);
    }

    public void Dispose() => _child.Dispose();

    /// <summary>The list comes first: who waits for a packet's size does not read it yet.</summary>
    private static IEnumerable<string> Arguments(string input, DecodePlan plan)
    {
        bool isHevc = plan.Format.Codec == "hevc";
        string[] copy =
        [
            "-map",
            "0:V:0",
            "-c",
            "copy",
            "-bsf:v",
            $"{(isHevc ? "hevc" : "h264")}_mp4toannexb,dump_extra=freq=keyframe",
        ];
        return
        [
            .. plan.Opening(input),
            .. copy,
            "-flush_packets",
            "1",
            "-f",
            "framecrc",
            "pipe:2",
            .. copy,
            "-f",
            isHevc ? "hevc" : "h264",
            "pipe:1",
        ];
    }

    private bool TryTakeAnnounced(out long pts, out int length)
    {
        lock (_gate)
        {
            while (_announced.Count == 0 && !_hasEnded)
            {
                if (!Monitor.Wait(_gate, Patience))
                {
                    throw CardContext.Failed("no packet came from ffmpeg for 30 s");
                }
            }

            if (_isOdd)
            {
                throw CardContext.Unfit("its packets have no timestamps, or are larger than its frames");
            }

            bool isNext = _announced.TryDequeue(out (long Pts, int Size) next);
            (pts, length) = next;
            return isNext;
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        // "#tb 0: 1/15360", and "0,      13824,      14848,      512,    61866, 0xa42e5580": stream, DTS, PTS, duration, size, sum.
        if (line.StartsWith("#tb 0:"u8))
        {
            _clockFits = System.Text.Encoding.ASCII.GetString(line) == _clock;
        }

        if (!line.StartsWith("0, "u8))
        {
            return;
        }

        lock (_gate)
        {
            bool isFit = TryParse(line, out long pts, out int size) && size <= _largest && _clockFits;
            _isOdd |= !isFit;
            _announced.Enqueue((pts, size));
            Monitor.Pulse(_gate);
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out long pts, out int size)
    {
        (pts, size) = (0, 0);
        return TryNumber(ref line, out _)
            && TryNumber(ref line, out _)
            && TryNumber(ref line, out pts)
            && TryNumber(ref line, out _)
            && TryNumber(ref line, out long bytes)
            && bytes is > 0 and < int.MaxValue
            && (size = (int)bytes) > 0;
    }

    /// <summary>Takes a number and the comma behind it off the front of a line.</summary>
    private static bool TryNumber(ref ReadOnlySpan<byte> line, out long value)
    {
        line = line.TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(line, out value, out int used) || used >= line.Length || line[used] != (byte)',')
        {
            return false;
        }

        line = line[(used + 1)..];
        return true;
    }

    private void AtEnd()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.Pulse(_gate);
        }
    }
}
