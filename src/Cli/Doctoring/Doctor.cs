using System.Runtime.InteropServices;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Cli.Doctoring;

/// <summary>Looks at everything a job needs of this machine.</summary>
internal static class Doctor
{
    private const long LittleDisk = 2L << 30;
    private const long LittleMemory = 1L << 30;

    /// <param name="folder">Where results would go; its disk is looked at.</param>
    /// <param name="device">Where models are to run.</param>
    public static IEnumerable<Finding> Examine(string folder, DeviceChoice device)
    {
        yield return new Finding(
            "system",
            Health.Good,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}"
        );
        yield return Machine();
        foreach (Finding finding in Media())
        {
            yield return finding;
        }

        yield return Inference();
        (Finding chosen, InferenceDevice? opened) = Device(device);
        yield return chosen;
        if (opened is not null)
        {
            yield return Coding("decoding", tools => DecodingChoice.Make(tools, opened.Plan));
            yield return Coding("encoding", tools => EncodingChoice.Make(tools, opened.Plan, Slots.Default));
            yield return new Finding("in flight", Health.Good, $"{InFlight.Here(opened, Slots.Default)}");
        }

        foreach (Finding finding in Models(opened))
        {
            yield return finding;
        }

        yield return Disk(folder);
    }

    private static Finding Machine()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string found = $"{Environment.ProcessorCount} cores, {memory / (double)(1L << 30):0.0} GiB memory";
        return memory < LittleMemory
            ? new Finding("machine", Health.Lacking, found, "Give the process at least 1 GiB, or use --workers 1.")
            : new Finding("machine", Health.Good, found);
    }

    private static Finding Coding(string what, Func<MediaTools, string> choose)
    {
        try
        {
            return new Finding(what, Health.Good, choose(MediaTools.Locate()));
        }
        catch (MediaToolException e)
        {
            return new Finding(what, Health.Broken, e.Code, e.Message);
        }
    }

    private static IEnumerable<Finding> Media()
    {
        MediaTools tools;
        Finding? failed = null;
        try
        {
            tools = MediaTools.Locate();
        }
        catch (MediaToolException e)
        {
            failed = new Finding("ffmpeg", Health.Broken, e.Code, e.Message);
            tools = null!;
        }

        if (failed is not null)
        {
            yield return failed;
            yield break;
        }

        yield return new Finding("ffmpeg", Health.Good, $"{tools.VersionText} at {tools.FfmpegPath}");
        foreach (string encoder in RecipeRules.Encoders.Keys.Where(name => !HardwareEncoder.IsName(name)))
        {
            yield return tools.Encoders.Contains(encoder)
                ? new Finding($"encoder {encoder}", Health.Good, "there")
                : new Finding(
                    $"encoder {encoder}",
                    encoder == "libx264" ? Health.Broken : Health.Lacking,
                    "missing",
                    $"Install an ffmpeg that was built with {encoder}."
                );
        }

        yield return tools.PrlimitPath is string prlimit
            ? new Finding("resource limits", Health.Good, prlimit)
            : new Finding(
                "resource limits",
                Health.Lacking,
                "prlimit is missing",
                "Install util-linux: without it a hostile file can use all memory and CPU time."
            );
    }

    private static Finding Inference() => new("onnx runtime", Health.Good, InferenceRuntime.Describe());

    private static (Finding, InferenceDevice?) Device(DeviceChoice choice)
    {
        try
        {
            InferenceDevice device = InferenceDevice.Open(choice);
            bool isSecondBest = device.Plan.IsFallback && !choice.IsAuto;
            string? advice = isSecondBest ? device.Plan.Attempts[0].Advice : null;
            return (
                new Finding(
                    "device",
                    isSecondBest ? Health.Lacking : Health.Good,
                    $"{device.Plan}",
                    advice is null ? null : $"To have it, {advice}."
                ),
                device
            );
        }
        catch (ModelException e)
        {
            return (new Finding("device", Health.Broken, e.Code, e.Message), null);
        }
    }

    /// <param name="device">Null: none can be used, and the files are looked at alone.</param>
    private static List<Finding> Models(InferenceDevice? device)
    {
        List<Finding> findings = [];
        try
        {
            string folder = Installation.ModelsFolder();
            ModelCatalog catalog = ModelCatalog.Load(folder);
            findings.AddRange(
                catalog
                    .Cards.Where(card => card.File is not null && (card.IsBuiltIn || catalog.IsHere(card)))
                    .Select(card => Model(catalog, card))
            );
            if (device is not null && findings.TrueForAll(f => f.Health == Health.Good))
            {
                using FaceModels models = FaceModels.Load(folder, device);
                findings.Add(new Finding("models", Health.Good, $"{models.Hashes.Count} load and have the right hash"));
                findings.AddRange(
                    device
                        .Places.Values.Where(place => place.Note is not null)
                        .Select(place => new Finding(
                            $"model {place.Model}",
                            place.IsByChoice ? Health.Good : Health.Lacking,
                            $"{place}"
                        ))
                );
            }
        }
        catch (ModelException e)
        {
            findings.Add(new Finding("models", Health.Broken, e.Code, e.Message));
        }

        return findings;
    }

    private static Finding Model(ModelCatalog catalog, ModelCard card)
    {
        try
        {
            byte[] bytes = catalog.Read(card, out string sha256);
            return new Finding(
                $"model {card.Id}",
                Health.Good,
                $"{card.Role}, {bytes.Length / 1024.0 / 1024:0.0} MiB, {card.Licence}, SHA-256 {sha256[..12]}…"
            );
        }
        catch (ModelException e)
        {
            return new Finding($"model {card.Id}", Health.Broken, e.Code, e.Message);
        }
    }

    private static Finding Disk(string folder)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        string found = $"{free / (double)(1L << 30):0.0} GiB free for {folder}";
        return free < LittleDisk
            ? new Finding(
                "disk",
                Health.Lacking,
                found,
                "An hour of full HD needs about 10 GiB while it is worked on: make room."
            )
            : new Finding("disk", Health.Good, found);
    }
}
