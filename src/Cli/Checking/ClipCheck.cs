using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Faces.Benching;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Checking;

/// <summary>Fuses a clip on the CPU and on a device, as whole jobs, and holds the frames against each other.</summary>
/// <param name="clip">The target, of 8 bits.</param>
/// <param name="photo">The source.</param>
/// <param name="folder">Keeps the results, to be looked at.</param>
internal sealed class ClipCheck(string clip, string photo, string folder, Terminal terminal)
{
    private readonly MediaTools _tools = MediaTools.Locate();

    /// <summary>With the built-in pack and the mesh fuser, of which a device computes the least.</summary>
    /// <exception cref="FusionException">A job failed.</exception>
    public Task<ClipParity> BuiltInAsync(DeviceChoice device, CancellationToken stop) =>
        CompareAsync("built-in", SwapStep.Mesh, device, stop);

    /// <summary>With a swapper of half precision and random weights, of which it computes the most. Takes the CPU seconds a frame.</summary>
    /// <exception cref="FusionException">A job failed.</exception>
    public async Task<ClipParity> SwapperAsync(DeviceChoice device, CancellationToken stop)
    {
        using Passing models = new(Path.Combine(folder, "models"));
        BenchNetworks.Write(BenchNetworkKind.InswapperHalf, Installation.ModelsFolder(), models.Path, isPinned: false);
        string? before = Environment.GetEnvironmentVariable(Installation.ModelsVariable);
        try
        {
            // The embedded fleet finds its models as every process of the product does.
            Environment.SetEnvironmentVariable(Installation.ModelsVariable, models.Path);
            return await CompareAsync("inswapper-fp16", BenchNetworks.SwapperId, device, stop);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Installation.ModelsVariable, before);
        }
    }

    private async Task<ClipParity> CompareAsync(string name, string model, DeviceChoice device, CancellationToken stop)
    {
        (string second, IReadOnlyList<int> secondFused) = await FuseAsync($"{name}-device", model, device, stop);
        (string first, IReadOnlyList<int> firstFused) = await FuseAsync($"{name}-cpu", model, DeviceChoice.Cpu, stop);
        return ClipParity.Of(_tools, clip, first, second, firstFused, secondFused, stop);
    }

    private async Task<(string Path, IReadOnlyList<int> Fused)> FuseAsync(
        string name,
        string model,
        DeviceChoice device,
        CancellationToken stop
    )
    {
        using Passing work = new(Path.Combine(folder, $"work-{name}"));
        string result = Path.Combine(folder, $"{name}.mp4");
        await using EmbeddedFleet fleet = await EmbeddedFleet.StartAsync(
            _tools,
            work.Path,
            Slots.Default,
            device,
            terminal.Options.Verbose,
            stop
        );
        terminal.Note($"{name}: models run on {fleet.Device.Plan}");
        Guid job = await fleet.Jobs.SubmitAsync(
            new JobRequest
            {
                Target = clip,
                Sources = new Dictionary<string, IReadOnlyList<string>> { ["source"] = [photo] },
                Recipe = new Recipe
                {
                    Processors = [new SwapStep { Model = model }],
                    // Without loss: what is compared is what was fused.
                    Encode = new EncodeSettings
                    {
                        Encoder = "libx264",
                        Preset = "ultrafast",
                        Crf = 0,
                    },
                },
                Output = result,
            },
            stop
        );
        _ = await JobRun.WaitAsync(fleet, job, terminal, stop);
        FinishedReport report = (await fleet.Jobs.ReadReportAsync(job, stop))!;
        return (result, [.. report.Chunks.SelectMany(chunk => chunk.FacesFused)]);
    }

    /// <summary>A folder that begins empty, and is gone when it is disposed: a kept one has the job of an earlier run.</summary>
    private sealed class Passing : IDisposable
    {
        public Passing(string path)
        {
            Path = path;
            Dispose();
            _ = Directory.CreateDirectory(path);
        }

        public string Path { get; }

        public void Dispose()
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
    }
}
