using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Errors;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Orders;

public sealed class OutputPrecheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-output-");

    [Fact]
    public void Check_GoodPath_IsReturnedWholeAndNothingIsLeft()
    {
        string path = OutputPrecheck.Check(In("out.MP4"), []);

        Assert.Equal(In("out.MP4"), path);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Check_FolderMissing_IsRefused() =>
        Assert.Equal("output-folder-missing", Refusal(() => OutputPrecheck.Check(In("missing/out.mp4"), [])).Code);

    [Theory]
    [InlineData("people.jpg", "output-extension")]
    [InlineData("missing/people.png", "output-folder-missing")]
    public void CheckSheet_BadPath_IsRefusedByName(string name, string code) =>
        Assert.Equal(code, Refusal(() => OutputPrecheck.CheckSheet(In(name), In("clip.mp4"))).Code);

    [Fact]
    public void Check_AFolder_IsRefused()
    {
        _ = _folder.CreateSubdirectory("out.mp4");

        Assert.Equal("output-is-folder", Refusal(() => OutputPrecheck.Check(In("out.mp4"), [])).Code);
    }

    [Fact]
    public void Check_AnInput_IsRefusedEvenThroughALink()
    {
        File.WriteAllText(In("clip.mp4"), "");
        _ = File.CreateSymbolicLink(In("link.mp4"), In("clip.mp4"));

        Assert.Equal("output-is-input", Refusal(() => OutputPrecheck.Check(In("clip.mp4"), [In("clip.mp4")])).Code);
        Assert.Equal("output-is-input", Refusal(() => OutputPrecheck.Check(In("link.mp4"), [In("clip.mp4")])).Code);
        Assert.Equal("output-is-input", Refusal(() => OutputPrecheck.Check(In("clip.mp4"), [In("link.mp4")])).Code);
    }

    [Fact]
    public void RequireSpace_MoreThanThereIs_IsRefused()
    {
        OutputPrecheck.RequireSpace(_folder.FullName, 1);

        Assert.Equal("disk-full", Refusal(() => OutputPrecheck.RequireSpace(_folder.FullName, long.MaxValue)).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static FusionException Refusal(Action act) => Assert.ThrowsAny<FusionException>(act);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
