using System.Collections.Concurrent;
using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// Decodes a few frames spread over the target in one pass: for the scan. A frame that cannot be told apart by its timestamp is left
/// out rather than guessed.
/// </summary>
public sealed class SparseFrameReader : IDisposable
{
    /// <summary>Up to so many luma samples are decoded in full to look at evenly spread frames; above, key frames must do.</summary>
    private const long FullDecodeSamples = 2_000_000_000;

    private const int FewestKeyFrames = 12;
    private const int MostThreads = 16;

    private readonly FrameTable _table;
    private readonly ChildTool _child;
    private readonly BlockingCollection<long> _announced = [];
    private readonly bool _keyFramesOnly;
    private int _last = -1;

    /// <param name="input">Local path of the target.</param>
    /// <param name="wanted">About how many frames to look at.</param>
    public SparseFrameReader(MediaTools tools, string input, VideoFormat format, FrameTable table, int wanted)
    {
        _table = table;
        _keyFramesOnly =
            (long)format.Width * format.Height * table.Count > FullDecodeSamples
            && table.KeyFrames.Length >= FewestKeyFrames;
        int candidates = _keyFramesOnly ? table.KeyFrames.Length : table.Count;
        Stride = Math.Max(1, candidates / Math.Max(1, wanted));
        _child = ChildTool.Start(
            tools,
            MediaProgram.Ffmpeg,
            Arguments(input, format),
            ToolLimits.Decoding(Formats.FrameFormats.Of(format).FrameBytes) with
            {
                Purpose = "decode looks",
            },
            TakeLine
        );
        _child.Input.Close();
    }

    /// <summary>Every so many frames (or key frames) one is delivered.</summary>
    public int Stride { get; }

    /// <summary>Fills <paramref name="into"/> with the next chosen frame and sets its number.</summary>
    /// <returns>False when there are no more.</returns>
    /// <exception cref="FusionException">The target cannot be decoded.</exception>
    public bool Read(Frame into, CancellationToken cancellationToken)
    {
        _child.Bind(cancellationToken);
        while (ReadPlanes(into, cancellationToken))
        {
            if (NumberOf(_announced.Take(cancellationToken)) is int number && number > _last)
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

        return false;
    }

    public void Dispose()
    {
        _child.Dispose();
        _announced.Dispose();
    }

    private int? NumberOf(long pts) =>
        _keyFramesOnly ? KeyFrames.Nearest(_table, pts)
        : Array.BinarySearch(_table.RawPts, pts) is >= 0 and int number ? number
        : null;

    private bool ReadPlanes(Frame into, CancellationToken cancellationToken)
    {
        Span<byte> rest = into.Bytes;
        while (!rest.IsEmpty)
        {
            int count = _child.Output.Read(rest);
            if (count == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return false;
            }

            rest = rest[count..];
        }

        return true;
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

        if (_keyFramesOnly)
        {
            foreach (string option in KeyFrames.Options)
            {
                yield return option;
            }
        }

        string first = _table.RawPts[0].ToString(CultureInfo.InvariantCulture);
        string stride = Stride.ToString(CultureInfo.InvariantCulture);
        string[] rest =
        [
            "-noautorotate",
            "-copyts",
            "-i",
            InputRules.FileUrl(input),
            "-map",
            "0:V:0",
            "-vf",
            $"trim=start_pts={first},select=not(mod(n\\,{stride})),showinfo=checksum=0,{DecodePlan.NativeFormat(format)}",
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

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (ShowInfoLine.TryParse(line, out ShowInfoLine frame))
        {
            _announced.Add(frame.Pts ?? long.MinValue);
        }
    }
}
