using FaceFusion.Batch.Cli.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task Create_WhileTheFleetRuns_OpensItsApi()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string file = fleet.PathOf("made");

        Run made = await Run.Async("keys", "create", "--work", fleet.WorkFolder, "--output", file);

        Assert.Equal((ExitCode.Ok, ""), (made.Exit, made.Output));
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == Mine);
        Assert.DoesNotContain((await File.ReadAllTextAsync(file, Stop)).Trim(), made.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(file, "jobs", "list")).Exit);
    }

    [Fact]
    public async Task Create_BeforeTheFirstStart_MakesTheDatabaseThatTheFleetTakes()
    {
        await using TestFleet fleet = new();
        Run made = await Run.Async("keys", "create", "--work", fleet.WorkFolder, "--quiet");
        string file = fleet.PathOf("made");
        await File.WriteAllTextAsync(file, made.Output, Stop);

        await fleet.StartAgainAsync();

        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(file, "jobs", "list")).Exit);
    }

    [Fact]
    public async Task Create_FileThatExists_IsNotOverwrittenAndNoKeyIsMade()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string file = fleet.PathOf("precious");
        await File.WriteAllTextAsync(file, "precious", Stop);

        Run refused = await Run.Async("keys", "create", "--work", fleet.WorkFolder, "--output", file);

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.Equal("precious", await File.ReadAllTextAsync(file, Stop));
        Assert.Empty((await Run.Async("keys", "list", "--work", fleet.WorkFolder)).Lines);
    }

    [Fact]
    public async Task Create_WrongTenant_IsAUsageErrorAndLeavesNoFile()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string file = fleet.PathOf("made");

        Run refused = await Run.Async([
            "keys",
            "create",
            "--work",
            fleet.WorkFolder,
            "--tenant",
            "A B",
            "--output",
            file,
        ]);

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.EndsWith("(usage)\n", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Revoke_AKey_ClosesIt()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string file = fleet.PathOf("made");
        Run made = await Run.Async([
            "keys",
            "create",
            "--work",
            fleet.WorkFolder,
            "--output",
            file,
            "--output-format",
            "json",
            "--name",
            "ci",
        ]);
        string id = made.Json.GetProperty("id").GetString()!;

        Run revoked = await Run.Async("keys", "revoke", id, "--work", fleet.WorkFolder);
        Run listed = await Run.Async("keys", "list", "--work", fleet.WorkFolder);

        Assert.Equal((ExitCode.Ok, $"{id}  revoked\n"), (revoked.Exit, revoked.Output));
        Assert.Contains("revoked", listed.Output, StringComparison.Ordinal);
        Assert.Contains("ci", listed.Output, StringComparison.Ordinal);
        string secret = (await File.ReadAllTextAsync(file, Stop)).Trim().Split('_')[^1];
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unauthorized, (await fleet.RunAsync(file, "jobs", "list")).Exit);
        Run none = await Run.Async("keys", "revoke", $"{Guid.NewGuid():N}", "--work", fleet.WorkFolder);
        Assert.Equal(ExitCode.NotFound, none.Exit);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
