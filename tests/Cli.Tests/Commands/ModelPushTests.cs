using System.Diagnostics;
using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>A fleet whose workers have no model but the built-in ones, a job that names another, and the store that brings it.</summary>
public sealed class ModelPushTests : IDisposable
{
    private const string Id = "gfpgan_1.4";

    private static readonly string BuiltIn = Path.Combine(Footage.SolutionFolder(), "models");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-push-");

    /// <summary>No hash of it is published, as of most models.</summary>
    private readonly ModelCard _card = EnhancingNetworks.Card(Id, 512) with
    {
        File = "gfpgan.onnx",
        Urls = ["https://example.org/gfpgan.onnx"],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Fuse_ByAModelThatOnlyTheFleetHas_TakesItFromThere()
    {
        WriteCatalogue();
        byte[] network = EnhancingNetworks.Tint(512);
        await ImportAsync("operator", network);
        await ImportAsync("another", EnhancingNetworks.Contrast(512));
        string[] fuse =
        [
            "fuse",
            "--target",
            Files.Photo,
            "--output",
            PathOf("out.png"),
            "--work",
            PathOf("work"),
            "--enhance",
            Id,
        ];
        string[] push = ["models", "push", Id, "--work", PathOf("work")];

        (int missing, string without) = await RunAsync("worker", fuse);
        (int pushed, string pushing) = await RunAsync("operator", push);
        (int others, string refused) = await RunAsync("another", push);
        (int fused, string with) = await RunAsync("worker", fuse);

        Assert.NotEqual(0, missing);
        Assert.EndsWith("(model-missing)", without.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("`ffb models push gfpgan_1.4`", without, StringComparison.Ordinal);
        Assert.True(pushed == 0, pushing);
        Assert.Equal((int)ExitCode.Precheck, others);
        Assert.Contains($"The fleet has other bytes of {Id}", refused, StringComparison.Ordinal);
        Assert.EndsWith("(model-hash)", refused.TrimEnd(), StringComparison.Ordinal);
        Assert.True(fused == 0, with);
        Assert.True(new FileInfo(PathOf("out.png")).Length > 0);
        // It is pinned to the bytes that were pushed.
        ModelStore worker = new(PathOf("worker"));
        Assert.Equal(network, await File.ReadAllBytesAsync(worker.PathOf(_card), Stop));
        Assert.True(worker.PinOf(_card) is { From: "the fleet's store", IsPublished: false });
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The built-in models, and a row for one that is nowhere.</summary>
    private void WriteCatalogue()
    {
        string models = Directory.CreateDirectory(PathOf("models")).FullName;
        ModelCard[] cards = [.. ModelCatalog.Load(BuiltIn).Cards.Where(card => card.IsBuiltIn), _card];
        foreach (ModelCard card in cards.Where(card => card is { IsBuiltIn: true, File: not null }))
        {
            File.Copy(Path.Combine(BuiltIn, card.File!), Path.Combine(models, card.File!));
        }

        File.WriteAllText(
            Path.Combine(models, "catalog.json"),
            JsonSerializer.Serialize(new { models = cards }, JsonSerializerOptions.Web)
        );
    }

    private async Task ImportAsync(string store, byte[] network)
    {
        using MemoryStream content = new(network);
        _ = await new ModelStore(PathOf(store)).ImportAsync(_card, content, "test", () => { }, Stop);
    }

    /// <summary>The program as a process, with a model store of its own.</summary>
    private async Task<(int Exit, string Error)> RunAsync(string store, params string[] words)
    {
        ProcessStartInfo start = new("dotnet", [typeof(CommandLine).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FFB_MODELS"] = PathOf("models"), ["FFB_MODEL_STORE"] = PathOf(store) },
        };
        using Process ffb = Process.Start(start)!;
        Task<string> output = ffb.StandardOutput.ReadToEndAsync(Stop);
        string error = await ffb.StandardError.ReadToEndAsync(Stop);
        _ = await output;
        await ffb.WaitForExitAsync(Stop);
        return (ffb.ExitCode, error);
    }
}
