using System.Diagnostics;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>The embedded run pays nothing for the parts of a fleet.</summary>
public sealed class LoadedPartsTests
{
    [Fact]
    public async Task Fuse_Embedded_LoadsNoClientOfABrokerADatabaseServerOrACloud()
    {
        using TestFolder folder = new();
        using Process process = Ffb.Start(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            Clips.Talking,
            "--output",
            folder["out.mp4"],
            "--chunk-frames",
            "20",
            "--preset",
            "veryfast",
            "--work",
            folder["work"]
        );
        Task<string> said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        // When there is a segment, every part has been used.
        string loaded = "";
        while (!process.HasExited && !HasSegment(folder["work"]))
        {
            loaded = await MapsAsync(process, loaded);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        loaded = await MapsAsync(process, loaded);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await said);
        Assert.Contains("MassTransit.dll", loaded);
        Assert.Contains("Sqlite.dll", loaded);
        Assert.All(
            new[] { "Npgsql", "Azure.", "RabbitMQ.Client", "RabbitMqTransport" },
            name => Assert.DoesNotContain(name, loaded)
        );
    }

    private static bool HasSegment(string work) =>
        Directory.Exists(Path.Combine(work, "blobs", "jobs"))
        && Directory.EnumerateFiles(Path.Combine(work, "blobs", "jobs"), "*.mp4", SearchOption.AllDirectories).Any();

    /// <summary>The files that the kernel has mapped for a process; what it said before, if the process is gone.</summary>
    private static async Task<string> MapsAsync(Process process, string before)
    {
        try
        {
            string maps = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");
            return maps.Length > 0 ? maps : before;
        }
        catch (IOException)
        {
            return before;
        }
    }
}
