using System.Collections.Concurrent;
using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// Decodes the target in one pass and hands over a few frames spread over it: for the scan. The timestamps of all of its frames are
/// compared with the frame table on the way, so what is wrong with the table is found before anything is fused. Of a target too long for
/// that key frames are decoded; one that cannot be told apart by its timestamp is left out rather than guessed.
/// </summary>
public sealed class SparseFrameReader : IDisposable
{
    /// <summary>Up to so many luma samples are decoded in full to look at evenly spread frames; above, key frames must do.</summary>
    private const long FullDecodeSamples = 2_000_000_000;

    private const int FewestKeyFrames = 12;
    private const int MostThreads = 16;

    private readonly FrameTable _table;
    private readonly ChildTool _child;
    private readonly BlockingCollection<long> _keys = [];

    /// <summary>Of every frame; null: only key frames are decoded.</summary>
    private readonly TimestampCheck? _check;
    private int _last = -1;

    /// <param name="input">Local path of the target.</param>
    /// <param name="wanted">About how many frames to look at.</param>
    public SparseFrameReader(MediaTools tools, string input, VideoFormat format, FrameTable table, int wanted)
    {
        _table = table;
        _check = DecodesAll(format, table.Count, table.KeyFrames.Length)
            ? new TimestampCheck(DecodePlan.For(format, table, table.All))
            : null;
        int candidates = _check is null ? table.KeyFrames.Length : table.Count;
        Stride = Math.Max(1, candidates / Math.Max(1, wanted));
        _child = ChildTool.Start(
            tools,
            MediaProgram.Ffmpeg,
            Arguments(input, format),
            ToolLimits.Decoding(Formats.FrameFormats.Of(format).FrameBytes) with
            {
                Purpose = "decode looks",
            },
            _check is null ? TakeKey : _check.TakeLine
        );
        _child.Input.Close();
    }

    /// <summary>True where every frame of a target is decoded and compared; false where only its key frames are.</summary>
    /// <param name="frames">Displayed ones.</param>
    /// <param name="keys">Displayed key frames.</param>
    public static bool DecodesAll(VideoFormat format, int frames, int keys) =>
        (long)format.Width * format.Height * frames <= FullDecodeSamples || keys < FewestKeyFrames;

    /// <summary>Every so many frames (or key frames) one is delivered.</summary>
    public int Stride { get; }

    /// <summary>Fills <paramref name="into"/> with the next chosen frame and sets its number.</summary>
    /// <returns>False when there are no more.</returns>
    /// <exception cref="InvalidVideoException">
    /// <c>video-frames-differ</c>: the frames are not those of the table; <c>video-size-changes</c>.
    /// </exception>
    /// <exception cref="FusionException">The target cannot be decoded.</exception>
    public bool Read(Frame into, CancellationToken cancellationToken)
    {
        _child.Bind(cancellationToken);
        while (_child.TryFill(into.Bytes))
        {
            if (NumberOfNext(cancellationToken) is int number && number > _last)
            {
                into.Number = _last = number;
                return true;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_child.WaitForExit() != 0)
        {
            throw ToolErrors.Decoding(_child.Errors);
        }

        _check?.ThrowUnlessWhole();
        return false;
    }

    public void Dispose()
    {
        _child.Dispose();
        _check?.Dispose();
        _keys.Dispose();
    }

    private int? NumberOfNext(CancellationToken cancellationToken)
    {
        if (_check is null)
        {
            return KeyFrames.Nearest(_table, _keys.Take(cancellationToken));
        }

        // Every frame is announced, and one of so many is let through.
        int number = _last < 0 ? 0 : _last + Stride;
        _check.WaitFor(number);
        return number;
    }

    private IEnumerable<string> Arguments(string input, VideoFormat format)
    {
        // Half the cores: the scan is alone in its slot, but may not be alone on the machine. The frames do not depend on it.
        yield return "-threads";
        yield return Math.Clamp(Environment.ProcessorCount / 2, 2, MostThreads).ToString(CultureInfo.InvariantCulture);
        foreach (string fence in InputRules.Fences(format.Demuxer))
        {
            yield return fence;
        }

        if (_check is null)
        {
            foreach (string option in KeyFrames.Options)
            {
                yield return option;
            }
        }

        string first = _table.RawPts[0].ToString(CultureInfo.InvariantCulture);
        string select = string.Create(CultureInfo.InvariantCulture, $"select=not(mod(n\\,{Stride}))");
        const string announce = "showinfo=checksum=0";
        string looks = _check is null ? $"{select},{announce}" : $"{announce},{select}";
        string[] rest =
        [
            "-noautorotate",
            "-copyts",
            "-i",
            InputRules.FileUrl(input),
            "-map",
            "0:V:0",
            "-vf",
            $"trim=start_pts={first},{looks},{DecodePlan.NativeFormat(format)}",
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "pipe:1",
        ];
        foreach (string argument in rest)
        {
            yield return argument;
        }
    }

    private void TakeKey(ReadOnlySpan<byte> line)
    {
        if (ShowInfoLine.TryParse(line, out ShowInfoLine frame))
        {
            _keys.Add(frame.Pts ?? long.MinValue);
        }
    }
}
