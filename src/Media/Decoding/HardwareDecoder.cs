using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// NVIDIA's decoder: twice the frames of sixteen cores at 1080p, for a fifth of their time. The decoders of H.264 and H.265 are exact by
/// their standards; that this one is, is tried on a clip before it is used, and it is used for the kind of clip that was tried.
/// </summary>
public sealed class HardwareDecoder
{
    /// <summary>What the decoder takes of width and height at any rate.</summary>
    private const int Least = 160;
    private const int Most = 4096;

    private static readonly (string Encoder, string Codec)[] Tried = [("libx264", "h264"), ("libx265", "hevc")];

    private const string Download = "hwdownload,format=nv12";

    /// <summary>
    /// A start takes 0.75 s, most of it in the driver, which does one thing at a time: sixteen at once took 5.2 s and a core all the while.
    /// </summary>
    private const int StartsAtOnce = 4;

    private static readonly SemaphoreSlim Starts = new(StartsAtOnce);
    private readonly string _name;
    private readonly IReadOnlyList<string> _options;
    private readonly HashSet<string> _codecs;

    internal HardwareDecoder(int device, params IEnumerable<string> codecs)
        : this($"GPU {device}", Arguments(device), Download, codecs) { }

    /// <param name="options">ffmpeg's options before the input.</param>
    /// <param name="filter">What makes the decoder's frames NV12 in the machine's own memory.</param>
    internal HardwareDecoder(string name, IReadOnlyList<string> options, string filter, IEnumerable<string> codecs)
    {
        _name = name;
        _options = options;
        Filter = filter;
        _codecs = [.. codecs];
    }

    /// <summary>Decodes small clips both ways; null: there is no such decoder, or it gives other pixels.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="device">Number of the GPU.</param>
    public static HardwareDecoder? Probe(MediaTools tools, int device, CancellationToken stop = default)
    {
        List<string> codecs = [];
        string folder = Directory.CreateTempSubdirectory("ffb-decoder-").FullName;
        try
        {
            foreach ((string encoder, string codec) in Tried)
            {
                string clip = Path.Combine(folder, $"{codec}.mp4");
                if (tools.Encoders.Contains(encoder) && Make(tools, encoder, clip, stop) && IsExact(clip))
                {
                    codecs.Add(codec);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return codecs.Count > 0 ? new HardwareDecoder(device, codecs) : null;

        bool IsExact(string clip)
        {
            byte[]? own = Decode([], "format=yuv420p");
            byte[]? card = Decode(Arguments(device), $"{Download},format=yuv420p");
            return own is { Length: > 0 } && card is not null && own.AsSpan().SequenceEqual(card);

            byte[]? Decode(IEnumerable<string> options, string filter)
            {
                ToolRun run = ChildTool.Capture(
                    tools,
                    MediaProgram.Ffmpeg,
                    [.. options, "-i", InputRules.FileUrl(clip), "-vf", filter, "-f", "rawvideo", "pipe:1"],
                    Limits,
                    stop
                );
                return run.ExitCode == 0 ? run.Output : null;
            }
        }
    }

    /// <summary>The kind of video that was tried: 8 bit, 4:2:0, limited range, whole frames.</summary>
    public bool Takes(VideoFormat format) =>
        _codecs.Contains(format.Codec)
        && format is { PixelFormat: "yuv420p", IsStill: false, FieldOrder: "progressive" or "unknown" }
        && format.ColorRange != "pc"
        && format.Width is >= Least and <= Most
        && format.Height is >= Least and <= Most;

    /// <summary>Waits for a turn to start; <see cref="EndStart"/> when the first frame is there, or none will come.</summary>
    internal static void BeginStart(CancellationToken stop) => Starts.Wait(stop);

    internal static void EndStart() => _ = Starts.Release();

    /// <summary>ffmpeg's options before the input.</summary>
    internal IReadOnlyList<string> Arguments() => _options;

    /// <summary>The filter behind the cut: frames before it, which were decoded on the way, never leave the card.</summary>
    internal string Filter { get; }

    /// <summary>A driver reserves far more addresses than it uses: they cannot be bounded.</summary>
    internal static ToolLimits Limits { get; } = new("decode", ToolLimits.Unbounded, 86_400, 0, OpenFiles: 1024);

    public override string ToString() => $"{string.Join(", ", _codecs)} by {_name}";

    /// <summary>Frames stay on the card, so that nothing but the card can have made them: ffmpeg goes on by itself otherwise.</summary>
    private static string[] Arguments(int device) =>
        [
            "-hwaccel",
            "cuda",
            "-hwaccel_device",
            device.ToString(CultureInfo.InvariantCulture),
            "-hwaccel_output_format",
            "cuda",
        ];

    /// <summary>Motion, noise, B-frames, several references and a size that is no multiple of a macroblock.</summary>
    private static bool Make(MediaTools tools, string encoder, string clip, CancellationToken stop) =>
        ChildTool
            .Capture(
                tools,
                MediaProgram.Ffmpeg,
                [
                    "-f",
                    "lavfi",
                    "-i",
                    "testsrc2=s=330x250:r=30,noise=alls=12:allf=t",
                    "-frames:v",
                    "24",
                    "-pix_fmt",
                    "yuv420p",
                    "-c:v",
                    encoder,
                    "-preset",
                    "medium",
                    "-threads",
                    "1",
                    "-y",
                    clip,
                ],
                ToolLimits.Encoding(330 * 250 * 3 / 2),
                stop
            )
            .ExitCode == 0;
}
