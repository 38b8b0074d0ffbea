using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>An order whose every part was looked at and can be done here, as far as that can be known before the work.</summary>
internal sealed record CheckedOrder
{
    /// <summary>Bits that a pixel of a result takes at the default quality; generous, measured on talking heads and sport.</summary>
    private const double BitsPerPixel = 0.2;

    private const long AtLeastBytes = 64L << 20;

    public required JobOrder Order { get; init; }
    public required MediaTools Tools { get; init; }
    public required ProbedVideo Target { get; init; }

    /// <summary>Absolute.</summary>
    public required string TargetPath { get; init; }

    /// <summary>Absolute.</summary>
    public required string Output { get; init; }

    public required EncoderChoice Encoder { get; init; }

    /// <summary>Width and height of the result over those of the target.</summary>
    public required int OutputScale { get; init; }

    /// <summary>What the licences of all its models allow; the declared use is among it.</summary>
    public required LicenceVerdict Licence { get; init; }

    /// <summary>One sentence for each thing that the result will have otherwise.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What the job may need on disk at its height: segments and result.</summary>
    public required long BytesNeeded { get; init; }

    /// <exception cref="FusionException">The first thing that is wrong, in one sentence; nothing was written.</exception>
    public static CheckedOrder Check(JobOrder order, CancellationToken cancellationToken)
    {
        string[] inputs = [order.Target, .. order.Sources.SelectMany(s => s.Paths)];
        RequireFile(
            order.Target,
            path => new InvalidVideoException(
                "video-missing",
                $"There is no file {path}: check the path of the target."
            )
        );
        foreach (string photo in order.Sources.SelectMany(s => s.Paths))
        {
            RequireFile(
                photo,
                path => new InvalidRecipeException("source-missing", $"There is no photo {path}: check the path.")
            );
        }

        string output = OutputPrecheck.Check(order.Output, inputs);
        ModelCatalog catalog = ModelCatalog.Load(Installation.ModelsFolder());
        LicenceVerdict licence = LicenceGate.Judge(RecipeModels.Of(order.Recipe, catalog.Licensed), order.Usage);
        licence.Require();
        MediaTools tools = MediaTools.Locate();
        // Photos are read beside the target; what is wrong with the target is said first.
        using Beside<int> photos = new(() => ReadPhotos(tools, order, cancellationToken));
        ProbedVideo target = new VideoProbe(tools).Read(order.Target, cancellationToken);
        int scale = ScaleOf(order.Recipe, catalog);
        VideoFormat result = FrameFormats.Enlarged(target.Format, scale);
        EncoderChoice encoder = EncoderChoice.For(result, order.Recipe.Encode, tools);
        ResultContainer container = ResultContainer.For(output, target.Format.IsStill);
        IReadOnlyList<string> changed = container.Check(target);
        _ = photos.Result();
        long needed = BytesFor(target, result);
        OutputPrecheck.RequireSpace(Path.GetDirectoryName(output)!, needed);
        return new CheckedOrder
        {
            Order = order,
            Tools = tools,
            Target = target,
            TargetPath = Path.GetFullPath(order.Target),
            Output = output,
            BytesNeeded = needed,
            Encoder = encoder,
            OutputScale = scale,
            Licence = licence,
            Warnings = [.. target.Warnings, .. encoder.Warnings, .. changed],
        };
    }

    /// <summary>Frames of the target as far as its header tells.</summary>
    public static int ExpectedFrames(ProbedVideo target) =>
        target.Format.IsStill
            ? 1
            : (int)Math.Min(int.MaxValue, target.DurationSeconds * target.Format.FrameRate.ToDouble());

    private static int ReadPhotos(MediaTools tools, JobOrder order, CancellationToken cancellationToken)
    {
        StillReader reader = new(tools);
        int count = 0;
        foreach (string photo in order.Sources.SelectMany(s => s.Paths))
        {
            reader.Read(photo, cancellationToken).Dispose();
            count++;
        }

        return count;
    }

    /// <summary>A model that is no frame enhancer is refused by name where it would run.</summary>
    private static int ScaleOf(Recipe recipe, ModelCatalog catalog) =>
        recipe.Processors.OfType<UpscaleStep>().FirstOrDefault() is { } step
        && catalog.Cards.FirstOrDefault(c => c.Id == step.Model) is { Tiles: not null } card
            ? FrameUpscaler.ScaleOf(card, step)
            : 1;

    private static long BytesFor(ProbedVideo target, VideoFormat result)
    {
        double pixels = (double)result.Width * result.Height * ExpectedFrames(target);
        return AtLeastBytes + (long)(2 * pixels * BitsPerPixel / 8) + target.Bytes;
    }

    private static void RequireFile(string path, Func<string, FusionException> missing)
    {
        if (!File.Exists(path))
        {
            throw missing(path);
        }
    }
}
