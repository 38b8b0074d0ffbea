using System.Diagnostics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Tests.Tools;

public sealed class ChildToolTests
{
    private static readonly string[] Endless =
    [
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=320x192:r=1000",
        "-f",
        "rawvideo",
        "pipe:1",
    ];

    [Fact]
    public void Locate_EmptySearchPath_SaysHowToInstall()
    {
        using TemporaryFolder folder = new();
        MediaToolException missing = Assert.Throws<MediaToolException>(() => MediaTools.Locate(folder.Path));
        Assert.Equal("ffmpeg-missing", missing.Code);
        Assert.Contains("install", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_OldFfmpeg_SaysWhichIsNeeded()
    {
        using TemporaryFolder folder = new();
        Fake(folder, "ffmpeg", "echo 'ffmpeg version 4.4.2-0ubuntu Copyright'");
        Fake(folder, "ffprobe", "true");
        MediaToolException old = Assert.Throws<MediaToolException>(() => MediaTools.Locate(folder.Path));
        Assert.Equal("ffmpeg-too-old", old.Code);
        Assert.Contains("5.1", old.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n7.1-3-gabcdef", 7)]
    [InlineData("N-123456-gabcdef", 99)]
    [InlineData("6.1.1-3ubuntu5", 6)]
    public void Locate_OtherBuilds_ReadsTheirVersion(string text, int major)
    {
        using TemporaryFolder folder = new();
        Fake(folder, "ffmpeg", $"echo 'ffmpeg version {text} Copyright'");
        Fake(folder, "ffprobe", "true");
        Assert.Equal(major, MediaTools.Locate(folder.Path).Version.Major);
    }

    [Fact]
    public void Locate_ThisMachine_KnowsItsEncoders() => Assert.Contains("libx264", Clips.Tools.Encoders);

    [Fact]
    public async Task Bind_Cancelled_EndsTheChildAndFreesTheReader()
    {
        using CancellationTokenSource stop = new();
        using ChildTool child = ChildTool.Start(Clips.Tools, MediaProgram.Ffmpeg, Endless, ToolLimits.Probing);
        child.Bind(stop.Token);
        byte[] buffer = new byte[100_000];
        Assert.True(child.Output.Read(buffer) > 0);

        await stop.CancelAsync();
        Stopwatch clock = Stopwatch.StartNew();
        while (child.Output.Read(buffer) > 0) { }

        Assert.NotEqual(0, child.WaitForExit());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    [Fact]
    public void Dispose_WhileRunning_LeavesNoProcess()
    {
        ChildTool child = ChildTool.Start(Clips.Tools, MediaProgram.Ffmpeg, Endless, ToolLimits.Probing);
        Assert.True(child.Output.ReadByte() >= 0);
        int id = child.ProcessId;
        Assert.True(Directory.Exists($"/proc/{id}"));
        child.Dispose();
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public void Start_FromAThreadThatEnds_LivesOn()
    {
        Assert.NotNull(Clips.Tools.SetprivPath);
        ChildTool? child = null;
        Thread starter = new(() =>
        {
            child = ChildTool.Start(Clips.Tools, MediaProgram.Ffmpeg, Endless, ToolLimits.Probing);
            _ = child.Output.ReadByte();
        });
        starter.Start();
        starter.Join();

        // More than any pipe holds: it is still at work, long after its starter.
        byte[] buffer = new byte[1 << 20];
        using (child)
        {
            for (int i = 0; i < 64; i++)
            {
                child!.Output.ReadExactly(buffer);
            }
        }
    }

    [Fact]
    public void Locate_SetprivWithoutDeathSignal_DoesWithout()
    {
        using TemporaryFolder folder = new();
        Fake(folder, "ffmpeg", "echo 'ffmpeg version 7.1 Copyright'");
        Fake(folder, "ffprobe", "true");
        Fake(folder, "setpriv", "echo 'setpriv: unrecognized option: pdeathsig' >&2; exit 1");

        MediaTools tools = MediaTools.Locate(folder.Path);

        Assert.Null(tools.SetprivPath);
        Assert.Equal(7, tools.Version.Major);
    }

    [Fact]
    public void Capture_MemoryLimit_Holds()
    {
        Assert.NotNull(Clips.Tools.PrlimitPath);
        ToolLimits tight = new("test", 64 << 20, 60, 0);
        ToolRun run = ChildTool.Capture(Clips.Tools, MediaProgram.Ffmpeg, ["-version"], tight, default);
        Assert.NotEqual(0, run.ExitCode);
    }

    [Fact]
    public void Capture_FileLimit_KeepsADecoderFromWriting()
    {
        Assert.NotNull(Clips.Tools.PrlimitPath);
        using TemporaryFolder folder = new();
        string[] write = ["-f", "lavfi", "-i", "testsrc=d=1", "-f", "rawvideo", folder.File("out")];
        ToolRun run = ChildTool.Capture(Clips.Tools, MediaProgram.Ffmpeg, write, ToolLimits.Probing, default);
        Assert.NotEqual(0, run.ExitCode);
        Assert.True(!File.Exists(folder.File("out")) || new FileInfo(folder.File("out")).Length == 0);
    }

    [Fact]
    public void Capture_BusyRun_ReportsItsCpuTime()
    {
        string[] work = ["-f", "lavfi", "-i", "testsrc2=s=640x360:d=4", "-c:v", "libx264", "-f", "null", "-"];
        ToolRun run = ChildTool.Capture(Clips.Tools, MediaProgram.Ffmpeg, work, ToolLimits.Encoding(1 << 20), default);
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(run.CpuMilliseconds, 50, 60_000);
    }

    private static void Fake(TemporaryFolder folder, string name, string script)
    {
        string path = folder.File(name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
