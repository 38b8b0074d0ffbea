using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Nothing in a run keeps or sends word of it: a native library that would leaves an id, a database and a log behind.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task Scan_LibraryAskedToReport_LeavesNothingInTheUsersFolders()
    {
        using TestFolder folder = new();
        string home = Directory.CreateDirectory(folder["home"]).FullName;
        string temporary = Directory.CreateDirectory(folder["tmp"]).FullName;

        FfbResult run = await Ffb.RunAsync(
            new Dictionary<string, string>
            {
                ["HOME"] = home,
                ["XDG_CACHE_HOME"] = Path.Combine(home, ".cache"),
                ["TMPDIR"] = temporary,
                ["ORT_DISABLE_TELEMETRY"] = "0",
            },
            "scan",
            "--target",
            Clips.Talking
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Empty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories));
    }
}
