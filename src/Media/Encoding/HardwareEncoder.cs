using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Media.Trials;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>
/// NVIDIA's encoder, by ffmpeg: the cores are left to the rest of the work. Cards for data centres of the A100, H100 and H200 kind have none.
/// It is tried before it is used, with as many encoders at a time as there will be, and used for the kinds of video that were tried.
/// </summary>
public sealed class HardwareEncoder
{
    internal const string H264 = "h264_nvenc";
    internal const string Hevc = "hevc_nvenc";

    /// <summary>What the encoder takes of width and height on any card that has one.</summary>
    private const int Least = 160;
    private const int Most = 4096;

    private static readonly (string Encoder, string PixelFormat)[] Tried =
    [
        (H264, "yuv420p"),
        (Hevc, "yuv420p"),
        (Hevc, "yuv420p10le"),
    ];

    private readonly HashSet<(string Encoder, string PixelFormat)> _kinds;

    /// <param name="device">Number of the GPU.</param>
    /// <param name="kinds">Of video, that it is used for.</param>
    internal HardwareEncoder(int device, params IEnumerable<(string Encoder, string PixelFormat)> kinds) =>
        (Device, _kinds) = (device, [.. kinds]);

    /// <summary>Number of the GPU.</summary>
    public int Device { get; }

    /// <summary>Why there is none, or not for all kinds of video; null: all is well.</summary>
    public string? Fault { get; private init; }

    /// <summary>Whether it is of use for anything.</summary>
    public bool IsThere => _kinds.Count > 0;

    /// <summary>What it is used for, in one line that is the same wherever it is: a part of the key that workers must share.</summary>
    public string Kinds =>
        string.Join(", ", _kinds.Select(kind => $"{kind.Encoder} of {kind.PixelFormat}").Order(StringComparer.Ordinal));

    /// <summary>A driver of NVIDIA's is loaded: whether there is an encoder is told by <see cref="Probe"/> alone, which takes seconds.</summary>
    public static bool MayBeThere => File.Exists("/dev/nvidiactl") || File.Exists("/dev/dxg");

    /// <summary>Encodes small clips by each of the card's encoders.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="device">Number of the GPU.</param>
    /// <param name="sessions">Encoders that will be open at a time; drivers of some cards allow only a few.</param>
    /// <param name="stop">Gives it up.</param>
    public static HardwareEncoder Probe(MediaTools tools, int device, int sessions, CancellationToken stop = default)
    {
        string folder = Directory.CreateTempSubdirectory("ffb-encoder-").FullName;
        try
        {
            List<(string, string)> passed = [];
            string? fault = null;
            foreach ((string encoder, string pixelFormat) in Tried)
            {
                EncoderTrial trial = new(tools, Path.Combine(folder, $"{encoder}-{pixelFormat}"), pixelFormat, stop);
                EncoderChoice choice = EncoderChoice.OfCard(encoder, pixelFormat, device);
                // Two of them first: a card without an encoder says so at once, and not as often as there are to be.
                string? found = tools.Encoders.Contains(encoder)
                    ? trial.Fault(choice, 1) ?? trial.Fault(choice, sessions)
                    : "this ffmpeg was built without it";
                if (found is null)
                {
                    passed.Add((encoder, pixelFormat));
                    continue;
                }

                fault ??= $"{encoder} of {pixelFormat}: {found}";
                if (passed.Count == 0)
                {
                    // Every card with an encoder has the first kind: the others would take their time to say the same.
                    break;
                }
            }

            return new HardwareEncoder(device, passed) { Fault = fault };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether it is the name of a GPU's encoder.</summary>
    public static bool IsName(string encoder) => encoder is H264 or Hevc;

    /// <summary>Which of its encoders takes such frames, if it is left to choose; null: none.</summary>
    internal string? For(VideoFormat format) =>
        new[] { H264, Hevc }.FirstOrDefault(encoder => Has(encoder, format) && WhyNot(encoder, format) is null);

    /// <summary>Whether it was tried for such frames, and passed.</summary>
    internal bool Has(string encoder, VideoFormat format) => _kinds.Contains((encoder, format.PixelFormat));

    /// <summary>Why no card's encoder takes such frames, to follow its name; null: it does.</summary>
    internal static string? WhyNot(string encoder, VideoFormat format) =>
        !Tried.Contains((encoder, format.PixelFormat))
            ? $"is used for {string.Join(" and ", Tried.Where(t => t.Encoder == encoder).Select(t => t.PixelFormat))} only, and the target is {format.PixelFormat}"
        : format.ColorRange == "pc" ? "is used for limited range only, and the target has full range"
        : format.MasteringDisplay is not null || format.ContentLightLevel is not null
            ? "cannot keep the target's HDR metadata"
        : format.Width % 2 != 0 || format.Height % 2 != 0 ? "cannot keep a size that is odd"
        : format.Width is < Least or > Most || format.Height is < Least or > Most
            ? $"is used for {Least} to {Most} pixels a side only"
        : null;

    /// <summary>What an encoder is fed: ten bits in the high bits of a word, chroma in pairs, is the only deep kind that it takes.</summary>
    internal static string FedWith(string pixelFormat) => pixelFormat == "yuv420p10le" ? "p010le" : pixelFormat;

    /// <summary>ffmpeg's options behind those that all encoders have: constant quality, two B-frames, every key frame a refresh.</summary>
    internal static string[] Arguments(EncoderChoice choice) =>
        [
            "-gpu",
            (choice.Device ?? 0).ToString(CultureInfo.InvariantCulture),
            "-tune",
            "hq",
            "-rc",
            "vbr",
            "-cq",
            choice.Crf.ToString(CultureInfo.InvariantCulture),
            "-b:v",
            "0",
            "-bf",
            "2",
            "-forced-idr",
            "1",
            "-strict_gop",
            "1",
            .. choice.Encoder == H264 ? (string[])["-profile:v", "high"] : ["-tag:v", "hvc1"],
        ];

    /// <summary>A driver reserves far more addresses than it uses: they cannot be bounded.</summary>
    internal static ToolLimits Limits { get; } =
        ToolLimits.Encoding(0) with
        {
            AddressSpaceBytes = ToolLimits.Unbounded,
            OpenFiles = 1024,
        };

    public override string ToString() => $"{Kinds} on GPU {Device}{(Fault is null ? "" : $" (not {Fault})")}";
}
