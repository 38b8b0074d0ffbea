using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>Which of the two programs.</summary>
public enum MediaProgram
{
    Ffmpeg,
    Ffprobe,
}

/// <summary>The system's ffmpeg and ffprobe, found once, and the small programs that fence them in.</summary>
public sealed partial class MediaTools
{
    private Task<HashSet<string>>? _encoders;

    private MediaTools(string ffmpeg, string ffprobe, string? prlimit, string? setsid, string? setpriv)
    {
        FfmpegPath = ffmpeg;
        FfprobePath = ffprobe;
        PrlimitPath = prlimit;
        SetsidPath = setsid;
        SetprivPath = setpriv;
    }

    /// <summary>The oldest ffmpeg whose commands were measured to be frame-exact.</summary>
    public static Version OldestVersion { get; } = new(5, 1);

    public string FfmpegPath { get; }

    public string FfprobePath { get; }

    /// <summary>Null where the system has none: children then run without resource limits.</summary>
    public string? PrlimitPath { get; }

    /// <summary>Null where the system has none: children then share our process group.</summary>
    public string? SetsidPath { get; }

    /// <summary>Null where the system has none that knows <c>--pdeathsig</c>: children then may outlive this process for a moment.</summary>
    public string? SetprivPath { get; private set; }

    /// <summary>Decodes what it takes; null: the CPU decodes everything. Given up for good when it fails once.</summary>
    public HardwareDecoder? Decoder { get; set; }

    /// <summary>Encodes what it takes and no recipe gives to another; null: there is none that is of use.</summary>
    public HardwareEncoder? Encoder { get; set; }

    /// <summary>Major and minor version of ffmpeg; 99.0 for a development build without a number.</summary>
    public Version Version { get; private set; } = new(0, 0);

    /// <summary>ffmpeg's own version text, for reports: <c>5.1.9-0+deb12u1</c>.</summary>
    public string VersionText { get; private set; } = "";

    /// <summary>Names of the encoders that this ffmpeg was built with.</summary>
    public IReadOnlySet<string> Encoders => _encoders!.GetAwaiter().GetResult();

    /// <summary>Finds both programs in <paramref name="searchPath"/> (default: the PATH variable) and checks their version.</summary>
    /// <exception cref="MediaToolException"><c>ffmpeg-missing</c>, <c>ffmpeg-too-old</c>, <c>ffmpeg-broken</c>.</exception>
    public static MediaTools Locate(string? searchPath = null)
    {
        string[] folders = (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        MediaTools tools = new(
            Require(folders, "ffmpeg"),
            Require(folders, "ffprobe"),
            Find(folders, "prlimit"),
            Find(folders, "setsid"),
            Find(folders, "setpriv")
        );
        tools.ReadVersion();
        // Asked for by nearly everyone, and a moment later than this.
        tools._encoders = Task.Run(tools.ListEncoders);
        return tools;
    }

    internal string PathOf(MediaProgram program) => program == MediaProgram.Ffmpeg ? FfmpegPath : FfprobePath;

    private static string Require(string[] folders, string name) =>
        Find(folders, name)
        ?? throw new MediaToolException(
            "ffmpeg-missing",
            $"{name} was not found in PATH: install ffmpeg {OldestVersion} or newer (Debian: apt-get install ffmpeg).",
            isTransient: false
        );

    private static string? Find(string[] folders, string name)
    {
        string file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private void ReadVersion()
    {
        ToolRun run = AskVersion();
        if (run.ExitCode != 0 && SetprivPath is not null)
        {
            // Small systems have a setpriv without the option, and then no child would start at all.
            SetprivPath = null;
            run = AskVersion();
        }

        Match match = VersionLine().Match(System.Text.Encoding.UTF8.GetString(run.Output));
        if (run.ExitCode != 0 || !match.Success)
        {
            throw new MediaToolException(
                "ffmpeg-broken",
                $"{FfmpegPath} does not start: run `{FfmpegPath} -version` to see why.",
                isTransient: false
            );
        }

        VersionText = match.Groups["text"].Value;
        Match number = VersionNumber().Match(VersionText);
        Version = number.Success
            ? new Version(int.Parse(number.Groups[1].ValueSpan), int.Parse(number.Groups[2].ValueSpan))
            : new Version(99, 0);
        if (Version < OldestVersion)
        {
            throw new MediaToolException(
                "ffmpeg-too-old",
                $"{FfmpegPath} is version {VersionText}: install ffmpeg {OldestVersion} or newer.",
                isTransient: false
            );
        }
    }

    private ToolRun AskVersion() =>
        ChildTool.Capture(this, MediaProgram.Ffmpeg, ["-version"], ToolLimits.Probing, CancellationToken.None);

    private HashSet<string> ListEncoders()
    {
        ToolRun run = ChildTool.Capture(
            this,
            MediaProgram.Ffmpeg,
            ["-hide_banner", "-encoders"],
            ToolLimits.Probing,
            CancellationToken.None
        );
        return EncoderLine()
            .Matches(System.Text.Encoding.UTF8.GetString(run.Output))
            .Select(m => m.Groups[1].Value)
            .ToHashSet();
    }

    [GeneratedRegex(@"^ffmpeg version (?<text>\S+)")]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^n?(\d+)\.(\d+)")]
    private static partial Regex VersionNumber();

    [GeneratedRegex(@"^ V[A-Z.]{5} (\S+)", RegexOptions.Multiline)]
    private static partial Regex EncoderLine();
}
