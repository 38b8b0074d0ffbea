using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Tests.Exactness;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Media.Trials;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Encoding;

/// <summary>A card's encoder where there is one; everywhere the trial that it must pass, and what happens without it.</summary>
public sealed class HardwareEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>ffmpeg knows every option that it is given: without a driver it gets as far as to look for it.</summary>
    [Theory]
    [InlineData("h264_nvenc", "yuv420p")]
    [InlineData("hevc_nvenc", "yuv420p")]
    [InlineData("hevc_nvenc", "yuv420p10le")]
    public void Fault_OfEachKind_IsTheDriversAtMost(string encoder, string pixelFormat)
    {
        Assert.SkipUnless(Clips.Tools.Encoders.Contains(encoder), $"this ffmpeg was built without {encoder}");
        EncoderTrial trial = new(
            Clips.Tools,
            _folder.File("trial"),
            pixelFormat,
            TestContext.Current.CancellationToken
        );
        string? fault = trial.Fault(EncoderChoice.OfCard(encoder, pixelFormat, 0), 1);
        Assert.True(fault is null || fault.Contains("libcuda") || File.Exists("/dev/nvidia0"), fault);
    }

    [Fact]
    public async Task Probe_OfThisMachine_SaysWhatIsThere()
    {
        MediaTools tools = MediaTools.Locate();
        HardwareEncoder encoder = HardwareEncoder.Probe(tools, 0, 3, TestContext.Current.CancellationToken);
        if (!encoder.IsThere)
        {
            Assert.NotNull(encoder.Fault);
            Assert.Contains("h264_nvenc", encoder.Fault);
            Assert.True(
                encoder.Fault.Contains("libcuda", StringComparison.Ordinal)
                    || File.Exists("/dev/nvidia0")
                    || !tools.Encoders.Contains("h264_nvenc"),
                encoder.Fault
            );
            return;
        }

        tools.Encoder = encoder;
        PreparedSource source = PreparedSource.Of(tools, "h264-closed-gop");
        Assert.Equal("h264_nvenc", EncoderChoice.Here(source.Video.Format, new EncodeSettings(), tools).Encoder);
        Verification joined = await RoundTrip.RunAsync(
            tools,
            source,
            40,
            _folder.File("result.mp4"),
            new EncodeSettings()
        );
        Assert.True(joined.TimestampsEqual);
    }

    /// <summary>An ffmpeg that has the CPU's encoders under the names of the card's: all but the card itself.</summary>
    [Fact]
    public async Task Probe_FfmpegWithAnEncoderOfThatName_UsesItForWholeJobs()
    {
        MediaTools tools = Wrapped(
            """
            drop=; count=$#
            while [ $count -gt 0 ]; do
                word=$1; shift; count=$((count - 1))
                if [ -n "$drop" ]; then drop=; continue; fi
                case $word in
                -gpu|-rc|-tune|-forced-idr|-strict_gop|-b:v) drop=1; continue ;;
                -cq) word=-crf ;;
                h264_nvenc) word=libx264 ;;
                hevc_nvenc) word=libx265 ;;
                p4) word=ultrafast ;;
                p010le) word=yuv420p10le ;;
                esac
                set -- "$@" "$word"
            done
            """
        );

        tools.Encoder = HardwareEncoder.Probe(tools, 0, 3, TestContext.Current.CancellationToken);

        Assert.Null(tools.Encoder.Fault);
        Assert.Equal("h264_nvenc of yuv420p, hevc_nvenc of yuv420p, hevc_nvenc of yuv420p10le", tools.Encoder.Kinds);
        PreparedSource source = PreparedSource.Of(tools, "h264-closed-gop");
        EncodeSettings open = new();
        Assert.Equal("h264_nvenc", EncoderChoice.Here(source.Video.Format, open, tools).Encoder);
        Verification joined = await RoundTrip.RunAsync(tools, source, 40, _folder.File("result.mp4"), open);
        Assert.True(joined.TimestampsEqual);
    }

    /// <summary>The CPU's encoders in the place of a card's: they are what a card's has to be.</summary>
    [Theory]
    [InlineData("libx264", "yuv420p", 1)]
    [InlineData("libx264", "yuv420p", 5)]
    [InlineData("libx265", "yuv420p10le", 2)]
    public void Fault_EncoderThatIsRight_IsNone(string encoder, string pixelFormat, int sessions) =>
        Assert.Null(Try(encoder, pixelFormat, sessions));

    [Theory]
    [InlineData("libx264", "yuv420p", 51, "other pictures")]
    [InlineData("no-such-encoder", "yuv420p", 20, "no-such-encoder")]
    public void Fault_EncoderThatIsNot_SaysWhy(string encoder, string pixelFormat, int crf, string reason) =>
        Assert.Contains(reason, Try(encoder, pixelFormat, 2, crf));

    /// <summary>Every encoder that will be open at a time is open in the trial.</summary>
    [Fact]
    public void Fault_DriverThatOpensOnlyAFew_IsTold()
    {
        string open = _folder.File("open");
        MediaTools tools = Wrapped(
            $$"""
            case " $* " in
            *" rawvideo "*" -c:v "*)
                mkdir "{{open}}1" || mkdir "{{open}}2" || { echo "[error] no capable sessions are left" >&2; exit 1; } ;;
            esac
            """
        );

        Assert.Contains("no capable sessions are left", Try("libx264", "yuv420p", 3, tools: tools));
    }

    private string? Try(string encoder, string pixelFormat, int sessions, int crf = 18, MediaTools? tools = null)
    {
        EncoderChoice choice = new()
        {
            Encoder = encoder,
            Crf = crf,
            Preset = "ultrafast",
            PixelFormat = pixelFormat,
            Threads = 1,
            Warnings = [],
        };
        return new EncoderTrial(
            tools ?? Clips.Tools,
            _folder.File("trial"),
            pixelFormat,
            TestContext.Current.CancellationToken
        ).Fault(choice, sessions);
    }

    /// <summary>This machine's ffmpeg, behind a script.</summary>
    private MediaTools Wrapped(string lines)
    {
        string folder = Directory.CreateDirectory(_folder.File("bin")).FullName;
        string script = Path.Combine(folder, "ffmpeg");
        File.WriteAllText(script, $"#!/bin/sh\n{lines}\nexec \"{Clips.Tools.FfmpegPath}\" \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return MediaTools.Locate($"{folder}:{Environment.GetEnvironmentVariable("PATH")}");
    }
}
