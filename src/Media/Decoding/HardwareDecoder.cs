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

    private readonly int _device;
    private readonly HashSet<string> _codecs;

    internal HardwareDecoder(int device, params IEnumerable<string> codecs)
    {
        _device = device;
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
            // Nothing but the card may have made these frames: ffmpeg would go on with its own decoder otherwise.
            byte[]? card = Decode(
                [.. Arguments(device), "-hwaccel_output_format", "cuda"],
                "hwdownload,format=nv12,format=yuv420p"
            );
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

    /// <summary>ffmpeg's options before the input. Frames come back to the machine's own memory, as NV12.</summary>
    internal IReadOnlyList<string> Arguments() => Arguments(_device);

    /// <summary>A driver reserves far more addresses than it uses: they cannot be bounded.</summary>
    internal static ToolLimits Limits { get; } = new("decode", ToolLimits.Unbounded, 86_400, 0, OpenFiles: 1024);

    public override string ToString() => $"{string.Join(", ", _codecs)} by GPU {_device}";

    private static string[] Arguments(int device) =>
        ["-hwaccel", "cuda", "-hwaccel_device", device.ToString(CultureInfo.InvariantCulture)];

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
