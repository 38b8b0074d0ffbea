using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Room that ends in the middle of the work: one sentence, the exit code, and nothing left behind.</summary>
public sealed class FullDiskTests
{
    /// <summary>Mounts a small file system, runs the rest of the command line on it, and fills it up once a certain path is there.</summary>
    private const string FillUp = """
        mount -t tmpfs -o size=66m ffb "$1" || exit 99
        small=$1 sign=$2; shift 2
        "$@" & ffb=$!
        until [ -n "$(find "$small" -path "*$sign*" -print -quit)" ] || ! kill -0 $ffb 2>/dev/null; do sleep 0.05; done
        cat /dev/zero >"$small/others.bin" 2>/dev/null
        wait $ffb; code=$?
        rm "$small/others.bin"
        ls -A "$small"
        exit $code
        """;

    [Theory]
    [InlineData("/jobs.db", 20_000)]
    [InlineData("/chunks/", 100_000)]
    public async Task Fuse_FileSystemFillsUp_EndsWithOneSentence(string sign, int fileBytes)
    {
        using TestFolder folder = new();
        string small = Directory.CreateDirectory(folder["small"]).FullName;
        string script = folder["fill.sh"];
        await File.WriteAllTextAsync(script, FillUp, TestContext.Current.CancellationToken);

        FfbResult run = await Ffb.RunThroughAsync(
            CanMount(small) ? [.. Unshare, "sh", script, small, sign] : FilesUpTo(fileBytes),
            Order.Fuse(Path.Combine(small, "out.mp4"), target: Clips.Uneven, more: ["--chunk-frames", "8"])
        );

        AssertDiskFull(run);
        Assert.Empty(Directory.EnumerateFileSystemEntries(small));
    }

    /// <summary>The upload of the photo, or what comes after it, meets the end of what a file may be.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fuse_FilesMayNotGrow_EndsWithOneSentence(bool isLargePhoto)
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunThroughAsync(
            FilesUpTo(300_000),
            Order.Fuse(folder["out.mp4"], source: isLargePhoto ? Clips.LargePortrait : Clips.Portrait)
        );

        AssertDiskFull(run);
        Assert.Empty(folder.Entries);
    }

    /// <summary>A name space of its own: the mount ends with it, and whoever is not root may mount there too.</summary>
    private static string[] Unshare =>
        Environment.IsPrivilegedProcess ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"];

    /// <summary>
    /// Writes fail half-way, as on a full disk, where nobody may mount one. The runtime's double mapping of code is off because it
    /// needs one large file of its own.
    /// </summary>
    private static string[] FilesUpTo(int bytes) =>
        ["env", "--ignore-signal=XFSZ", "DOTNET_EnableWriteXorExecute=0", "prlimit", $"--fsize={bytes}:unlimited"];

    private static bool CanMount(string folder)
    {
        try
        {
            _ = Clips.Ask(Unshare[0], [.. Unshare[1..], "mount", "-t", "tmpfs", "ffb", folder]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void AssertDiskFull(FfbResult run)
    {
        Assert.True(run.Exit == 2, $"{run.Exit}: {run.Error}");
        Assert.EndsWith("(disk-full)", Assert.Single(run.Complaints), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
