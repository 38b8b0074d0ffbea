using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Sources;

namespace FaceFusion.Batch.Worker.Scanning;

/// <summary>The sparse first look at a target: who is in it, who of them is meant, and whether the sources are of use.</summary>
public sealed class ScanWork(FaceModels models, MediaTools tools, SourceCache sources, string workerId)
{
    private const double SecondsBetweenLooks = 2;
    private const int FewestLooks = 16;
    private const int MostLooks = 200;

    /// <summary>Blocks until the scan result and the contact sheet are written.</summary>
    /// <exception cref="InvalidRecipeException">A source photo is of no use, or the selection names nobody.</exception>
    /// <exception cref="FusionException">The target cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public VideoScanned Run(ScanVideo order, ScanFiles files, Action<int> onFramesDone, CancellationToken stop)
    {
        using CpuAccount account = CpuAccount.Open();
        // First of all, as it may say that a model is missing.
        string key = PipelineKeys.Pipeline(models, tools, order.Recipe);
        int scale = OutputScale(order);
        RequireEncoder(order, scale);
        // The sources are read beside the first frames; a photo without a face ends the scan as soon as it is known.
        using var unusable = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using Beside<List<string>> sourceWarnings = new(() => SourceWarnings(order.Recipe, files, unusable));
        FrameTable table = FrameTable.Load(files.FrameTable);
        var people = new PeopleScan();
        try
        {
            if (AnalysisSettings.Of(order.Recipe, order.Format.Rotation).Faces)
            {
                Look(order, files.Target, table, people, onFramesDone, unusable.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The sources' own error follows.
        }

        List<string> warnings = sourceWarnings.Result();
        string[] names = [.. files.Sources.Select(s => s.Name)];
        ScanResult result = order.Recipe.Selector is { } selector
            ? people.Resolve(selector, Scene(order, selector, files, table, people, stop), names)
            : people.Resolve(order.Recipe.Faces, names);
        result = result with { OutputScale = scale, Warnings = [.. warnings, .. result.Warnings] };
        File.WriteAllBytes(files.Sheet, people.ContactSheet(result, table.SecondsAt));
        using (FileStream stream = File.Create(files.Scan))
        {
            JsonSerializer.Serialize(stream, result, JsonSerializerOptions.Web);
        }

        return new VideoScanned
        {
            JobId = order.JobId,
            Attempt = order.Attempt,
            WorkerId = workerId,
            People = result.People.Count,
            CpuMilliseconds = account.Milliseconds,
            PipelineKey = key,
            Build = OwnBuild.Of(models, tools),
            AnalysisKey = PipelineKeys.Analysis(models, order.Recipe, order.Format.Rotation),
            Models = models.HashesWith(PipelineKeys.RecipeModelsOf(models, order.Recipe)),
        };
    }

    /// <summary>Before the first look, and not with the first chunk's last frame: a worker that lacks the encoder that was asked for.</summary>
    /// <exception cref="InvalidRecipeException"><c>encoder-missing</c>, or the encoder does not take such frames.</exception>
    private void RequireEncoder(ScanVideo order, int scale)
    {
        if (order.Recipe.Encode.Encoder is not null)
        {
            _ = EncoderChoice.Here(FrameFormats.Enlarged(order.Format, scale), order.Recipe.Encode, tools);
        }
    }

    /// <exception cref="InvalidRecipeException">The model does not enlarge as often, or the result would be too large.</exception>
    private int OutputScale(ScanVideo order)
    {
        if (order.Recipe.Processors.OfType<UpscaleStep>().FirstOrDefault() is not { } step)
        {
            return 1;
        }

        int scale = FrameUpscaler.ScaleOf(ProcessorFactory.UpscalerCard(models.Sessions.Catalog, step), step);
        _ = FrameFormats.Enlarged(order.Format, scale);
        return scale;
    }

    private List<string> SourceWarnings(Recipe recipe, ScanFiles files, CancellationTokenSource unusable)
    {
        if (!recipe.Processors.Any(p => p is SwapStep))
        {
            return [];
        }

        try
        {
            foreach (SourcePhotos photos in files.Sources)
            {
                // The first chunk on this worker finds them ready.
                _ = sources.Mesh(photos, models.Mesh);
            }

            return [.. files.Sources.SelectMany(sources.Read).Select(face => face.Warning).OfType<string>()];
        }
        catch (FusionException)
        {
            unusable.Cancel();
            throw;
        }
    }

    private FrameAnalyser Analyser(ScanVideo order) =>
        new(
            models,
            order.Format.Rotation,
            order.Recipe.Faces.MinScore,
            finding: order.Recipe.Finding,
            classifier: RecipeModels.Classifier(order.Recipe, models.Sessions.Catalog.Licensed)
        );

    /// <summary>What the selector is held against; the reference frame is looked at beyond the sparse ones.</summary>
    private SelectorScene Scene(
        ScanVideo order,
        FaceSelector selector,
        ScanFiles files,
        FrameTable table,
        PeopleScan people,
        CancellationToken stop
    )
    {
        bool asksSource = selector.Gender == GenderFilter.Auto || selector.Race == RaceFilter.Auto;
        string? classifier = RecipeModels.Classifier(order.Recipe, models.Sessions.Catalog.Licensed);
        SelectorScene scene = new()
        {
            Source =
                asksSource && classifier is not null && files.Sources.Count > 0
                    ? sources.Attributes(files.Sources[0], classifier)
                    : null,
            Rotation = order.Format.Rotation,
        };
        if (selector.Mode != FaceSelectorMode.Reference)
        {
            return scene;
        }

        IReadOnlyList<ScanSighting> seen = LookAt(order, selector.ReferenceFrame, files.Target, table, stop);
        people.AddOnce(seen);
        return scene with
        {
            Reference =
                scene.ChooseReference(seen, selector)
                ?? throw new InvalidRecipeException(
                    "reference-face-missing",
                    $"Frame {selector.ReferenceFrame} of the target shows no face that the selector takes; choose another selector.referenceFrame."
                ),
        };
    }

    private IReadOnlyList<ScanSighting> LookAt(
        ScanVideo order,
        int number,
        string target,
        FrameTable table,
        CancellationToken stop
    )
    {
        if (number >= table.Count)
        {
            throw new InvalidRecipeException(
                "reference-frame-missing",
                $"The selector's reference is frame {number}, and the target has {table.Count}; they are counted from 0."
            );
        }

        using var pool = new FramePool(FrameFormats.Of(order.Format), 1);
        using FrameAnalyser analyser = Analyser(order);
        using var reader = new FrameReader(tools, target, order.Format, table, new FrameRange(number, number + 1));
        Frame frame = pool.Rent(stop);
        _ = reader.Read(frame, stop);
        IReadOnlyList<ScanSighting> seen = new FrameScan(analyser).Look(frame);
        pool.Return(frame);
        return seen;
    }

    private void Look(
        ScanVideo order,
        string target,
        FrameTable table,
        PeopleScan people,
        Action<int> onFramesDone,
        CancellationToken stop
    )
    {
        ScanLanes LanesOver(Func<Frame, bool> read) =>
            new(ScanLanes.Count, people, FrameFormats.Of(order.Format), () => Analyser(order), read, onFramesDone);
        if (order.Format.IsStill)
        {
            using var reader = new FrameReader(tools, target, order.Format, table, table.All);
            LanesOver(frame => reader.Read(frame, stop)).Run(stop);
            return;
        }

        int wanted = (int)Math.Clamp(table.SecondsAt(table.Count - 1) / SecondsBetweenLooks, FewestLooks, MostLooks);
        using var sparse = new SparseFrameReader(tools, target, order.Format, table, wanted);
        LanesOver(frame => sparse.Read(frame, stop)).Run(stop);
    }
}
