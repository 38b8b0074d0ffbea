using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class SimulateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("simulate");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Simulate_SeveralFleets_AnswersAndWritesPageAndPicture()
    {
        string page = Path.Combine(_folder.FullName, "fleets.html");
        string picture = Path.Combine(_folder.FullName, "fleets.svg");

        (int exit, string output) = await RunAsync(
            "simulate --workers 8,1 --jobs 6 --sweep --output-format json",
            "--report",
            page,
            "--plot",
            picture
        );

        Assert.Equal(0, exit);
        using JsonDocument answer = JsonDocument.Parse(output);
        JsonElement runs = answer.RootElement.GetProperty("runs");
        Assert.Equal([1, 8], runs.EnumerateArray().Select(run => run.GetProperty("workers").GetInt32()));
        Assert.All(runs.EnumerateArray(), run => Assert.Equal(6, run.GetProperty("succeeded").GetInt32()));
        Assert.Equal(2, answer.RootElement.GetProperty("sweeps").GetArrayLength());
        Assert.Equal(5, XDocument.Load(picture).Root!.Elements().Count(e => e.Name.LocalName == "svg"));
        Assert.Contains("Waits by tenant", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulate --workers ten")]
    [InlineData("simulate --workers 0")]
    [InlineData("simulate --cores 0")]
    [InlineData("simulate --scenario missing.json")]
    [InlineData("simulate --costs missing.json")]
    public async Task Simulate_WhatCannotBe_IsRefusedInOneLine(string arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();

        ExitCode exit = await CommandLine.RunAsync(arguments.Split(' '), output, error);

        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.NotEqual(ExitCode.Unexpected, exit);
        _ = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<(int Exit, string Output)> RunAsync(string arguments, params string[] more)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        ExitCode exit = await CommandLine.RunAsync([.. arguments.Split(' '), .. more], output, error);
        return ((int)exit, output.ToString());
    }
}
