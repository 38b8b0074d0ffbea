using System.Diagnostics;
using FaceFusion.Batch.Cli.Checking;
using FaceFusion.Batch.Media.Tools;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Checking;

public sealed class ClipParityTests : IDisposable
{
    private const int Frames = 6;
    private const int Width = 64;
    private const int Height = 48;
    private const string Face = "drawbox=x=16:y=8:w=16:h=12:t=fill:color=white";

    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-parity").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_TheSameResults_IsTheSame_AndTellsWhatWasFused()
    {
        ClipParity parity = Compare(Face, Face, [1, 1, 1, 1, 1, 1]);

        Assert.Equal((Frames, Frames, 0, Frames), (parity.Frames, parity.SameFrames, parity.OtherFaces, parity.Faces));
        Assert.Equal((ClipParity.Same, 0), (parity.LeastDecibels, parity.GreatestDifference));
        Assert.Equal(16.0 * 12 / (Width * Height), parity.FusedShare, 6);
        Assert.True(parity.Holds);
    }

    /// <summary>The box is a level darker by 8 in one frame, over a quarter of what was fused: a mean square of 16.</summary>
    [Fact]
    public void Of_ADarkerQuarterInOneFrame_NamesTheFrame_AndMeasuresTheFaceAlone()
    {
        ClipParity parity = Compare(
            Face,
            $"{Face},geq=lum='lum(X,Y)-8*eq(N,4)*between(X,16,23)*between(Y,8,13)':cb=128:cr=128",
            [1, 1, 1, 1, 1, 1]
        );

        Assert.Equal((4, 8, Frames - 1), (parity.WorstFrame, parity.GreatestDifference, parity.SameFrames));
        Assert.Equal(10 * Math.Log10(255 * 255 / 16.0), parity.LeastDecibels, 6);
        Assert.Equal(ClipParity.Same, parity.MedianDecibels);
        Assert.False(parity.Holds);
        Assert.Contains("DOES NOT HOLD", $"{parity}", StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AFaceThatOneDidNotFuse_DoesNotHold()
    {
        ClipParity parity = Compare(Face, Face, [1, 1, 0, 1, 1, 1]);

        Assert.Equal(1, parity.OtherFaces);
        Assert.False(parity.Holds);
    }

    /// <summary>Nothing was compared, so nothing holds.</summary>
    [Fact]
    public void Of_ResultsWithoutFaces_DoesNotHold() =>
        Assert.False(Compare("null", "null", [0, 0, 0, 0, 0, 0], 0).Holds);

    private ClipParity Compare(string first, string second, int[] secondFused, int firstFused = 1) =>
        ClipParity.Of(
            MediaTools.Locate(),
            Make("target.mp4", "null"),
            Make("first.mp4", first),
            Make("second.mp4", second),
            [.. Enumerable.Repeat(firstFused, Frames)],
            secondFused,
            TestContext.Current.CancellationToken
        );

    private string Make(string name, string filter)
    {
        string path = Path.Combine(_folder, name);
        string[] arguments =
        [
            "-nostdin",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            $"color=gray:size={Width}x{Height}:rate=25,format=yuv420p,{filter}",
            "-frames:v",
            $"{Frames}",
            "-c:v",
            "libx264",
            "-crf",
            "0",
            path,
        ];
        using var ffmpeg = Process.Start("ffmpeg", arguments);
        ffmpeg.WaitForExit();
        Assert.Equal(0, ffmpeg.ExitCode);
        return path;
    }
}
