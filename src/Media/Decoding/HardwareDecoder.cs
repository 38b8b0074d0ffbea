using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Decoding.Card;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Media.Trials;

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

    /// <summary>
    /// A start takes 0.75 s, most of it in the driver, which does one thing at a time: sixteen at once took 5.2 s and a core all the while.
    /// </summary>
    private const int StartsAtOnce = 4;

    private static readonly SemaphoreSlim Starts = new(StartsAtOnce);
    private readonly string _name;
    private readonly IReadOnlyList<string> _options;
    private readonly HashSet<string> _codecs;

    /// <summary>Within this process.</summary>
    /// <param name="device">Number of the GPU.</param>
    internal HardwareDecoder(int device, params IEnumerable<string> codecs)
        : this($"GPU {device}", [], "", codecs)
    {
        Card = device;
    }

    /// <summary>By ffmpeg, in a process for each range of frames.</summary>
    /// <param name="options">ffmpeg's options before the input.</param>
    /// <param name="filter">What makes the decoder's frames NV12 in the machine's own memory.</param>
    internal HardwareDecoder(string name, IReadOnlyList<string> options, string filter, IEnumerable<string> codecs)
    {
        _name = name;
        _options = options;
        Filter = filter;
        _codecs = [.. codecs];
    }

    /// <summary>By ffmpeg on a card.</summary>
    /// <param name="device">Number of the GPU.</param>
    internal static HardwareDecoder OfFfmpeg(int device, params IEnumerable<string> codecs) =>
        new($"ffmpeg on GPU {device}", Arguments(device), "hwdownload,format=nv12", codecs);

    /// <summary>Decodes small clips both ways; null: there is no such decoder, or it gives other pixels.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="device">Number of the GPU.</param>
    /// <param name="isolated">
    /// No video is parsed in this process: ffmpeg has the card, in processes of its own. Slower; taken, too, where the other way does not work.
    /// </param>
    public static HardwareDecoder? Probe(
        MediaTools tools,
        int device,
        bool isolated = false,
        CancellationToken stop = default
    )
    {
        string folder = Directory.CreateTempSubdirectory("ffb-decoder-").FullName;
        try
        {
            (string Codec, DecoderTrial Trial)[] trials =
            [
                .. Tried
                    .Where(tried => tools.Encoders.Contains(tried.Encoder))
                    .Select(tried =>
                        (
                            tried.Codec,
                            new DecoderTrial(tools, Path.Combine(folder, $"{tried.Codec}.mp4"), tried.Encoder, stop)
                        )
                    ),
            ];
            string? fault = null;
            HardwareDecoder? within = isolated ? null : Try(codecs => new HardwareDecoder(device, codecs));
            return within ?? Try(codecs => OfFfmpeg(device, codecs));

            HardwareDecoder? Try(Func<IEnumerable<string>, HardwareDecoder> make)
            {
                List<string> passed = [];
                foreach ((string codec, DecoderTrial trial) in trials)
                {
                    if (trial.Fault(make([codec])) is string found)
                    {
                        fault ??= found;
                    }
                    else
                    {
                        passed.Add(codec);
                    }
                }

                HardwareDecoder decoder = make(passed);
                decoder.Fault = isolated ? null : fault;
                return passed.Count > 0 ? decoder : null;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Why a faster way is not taken; null: there is none, or it was not wanted.</summary>
    public string? Fault { get; private set; }

    /// <summary>Number of the GPU that decodes within this process; null: ffmpeg decodes.</summary>
    internal int? Card { get; }

    /// <summary>The frames of a plan, by this decoder; <see cref="Takes"/> says that it can.</summary>
    internal IFrames Open(MediaTools tools, string input, DecodePlan plan) =>
        Card is int card
            ? new CardFrames(tools, input, plan, card)
            : new PipedFrames(tools, input, plan with { Decoder = this });

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

    public override string ToString() =>
        $"{string.Join(", ", _codecs)} by {_name}{(Fault is null ? "" : $" (not within this process: {Fault})")}";

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
}
