using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Planning;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>The answer of <c>--dry-run</c>: what would be done, where, and with what.</summary>
internal sealed record PlanAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;
    public string State { get; init; } = "planned";
    public required string Target { get; init; }
    public required string Output { get; init; }
    public required VideoFormat Format { get; init; }
    public required int Frames { get; init; }
    public required int Chunks { get; init; }
    public required int ChunkFrames { get; init; }
    public required int Workers { get; init; }
    public required EncoderChoice Encoder { get; init; }

    /// <summary>Width and height of the result over those of the target.</summary>
    public required int OutputScale { get; init; }
    public required IReadOnlyList<string> People { get; init; }
    public required IReadOnlyList<string> Kept { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>As it was declared.</summary>
    public required string Usage { get; init; }

    /// <summary>The narrowest of all models.</summary>
    public required string LicenceClass { get; init; }

    /// <summary>Of every model that is pulled in, those without a file included.</summary>
    public required IReadOnlyList<PlannedLicence> Licences { get; init; }
    public required string WorkFolder { get; init; }
    public required long BytesNeeded { get; init; }
    public required Recipe Recipe { get; init; }

    public static PlanAnswer Of(CheckedOrder order, CancellationToken cancellationToken)
    {
        BuiltFrameTable built = new FrameTableBuilder(order.Tools).Build(
            order.TargetPath,
            order.Target,
            cancellationToken
        );
        int workers = order.Order.Workers ?? Slots.Default;
        int chunkFrames = order.Order.ChunkFrames ?? ChunkLength.Choose(built.Table.Count, workers);
        ModelCatalog catalog = ModelCatalog.Load(Installation.ModelsFolder());
        HashSet<string> used = [.. order.Licence.Models.Select(model => model.Id)];
        return new PlanAnswer
        {
            Target = order.TargetPath,
            Output = order.Output,
            Format = order.Target.Format,
            Frames = built.Table.Count,
            Chunks = ChunkPlanner.Plan(built.Table.Count, chunkFrames).Count,
            ChunkFrames = chunkFrames,
            Workers = workers,
            People = Selection(order.Order.Recipe),
            Kept = Keep(order.Target),
            Encoder = order.Encoder,
            OutputScale = order.OutputScale,
            Warnings = [.. order.Warnings, .. built.Warnings],
            Models = catalog
                .Cards.Where(card => card.Sha256 is not null && used.Contains(card.Id))
                .ToDictionary(card => card.Id, card => card.Sha256!),
            Usage = LicenceUsages.NameOf(order.Licence.Usage),
            LicenceClass = LicenceClasses.NameOf(order.Licence.Class),
            Licences = [.. order.Licence.Models.Select(PlannedLicence.Of)],
            WorkFolder = WorkPlace.For(order.Output, order.Order.Work).Path,
            BytesNeeded = order.BytesNeeded,
            Recipe = order.Order.Recipe,
        };
    }

    public static void Print(Terminal terminal, PlanAnswer plan)
    {
        FactTable table = new();
        table.Add("target", plan.Target);
        table.Add("result", plan.Output);
        table.Add(
            "format",
            $"{plan.Format.Width} × {plan.Format.Height}, {plan.Format.PixelFormat}, {plan.Frames:N0} frames"
        );
        if (plan.OutputScale != 1)
        {
            table.Add(
                "enlarged",
                $"{plan.OutputScale} times, to {plan.Format.Width * plan.OutputScale} × {plan.Format.Height * plan.OutputScale}"
            );
        }

        if (!plan.Format.IsStill)
        {
            bool isOpen = plan.Recipe.Encode is { Encoder: null, Preset: null } && HardwareEncoder.MayBeThere;
            table.Add("encoder", $"{plan.Encoder}{(isOpen ? ", if the GPU has none" : "")}");
        }

        table.Add("chunks", $"{plan.Chunks} of up to {plan.ChunkFrames} frames, {plan.Workers} at a time");
        foreach (string person in plan.People)
        {
            table.Add("people", person);
        }

        foreach (string kept in plan.Kept)
        {
            table.Add("kept", kept);
        }

        foreach (string warning in plan.Warnings)
        {
            table.Add("note", warning);
        }

        foreach (PlannedLicence model in plan.Licences)
        {
            string hash = plan.Models.TryGetValue(model.Id, out string? sha) ? $", SHA-256 {sha[..12]}…" : "";
            table.Add("model", $"{model.Id}, {model.Licence} ({model.LicenceClass}){hash}");
        }

        table.Add("use", $"{plan.Usage}; licences of all models together: {plan.LicenceClass}");

        table.Add("work folder", plan.WorkFolder);
        table.Add("disk", $"about {Math.Max(1, plan.BytesNeeded >> 20):N0} MiB while it runs");
        table.WriteTo(terminal);
        terminal.Line("Nothing was done: leave --dry-run out to do it.");
    }

    private static string[] Selection(Recipe recipe) =>
        recipe.Faces.Mode switch
        {
            _ when recipe.Processors.All(step => step is UpscaleStep) => ["nobody: the recipe needs no faces"],
            _ when recipe.Selector is { Mode: FaceSelectorMode.Reference } selector =>
            [
                $"who looks like the face of frame {selector.ReferenceFrame} that the selector means",
            ],
            _ when recipe.Selector is { } selector =>
            [
                selector.Mode == FaceSelectorMode.One
                    ? "the first whom the selector means"
                    : "all whom the selector means",
            ],
            SelectionMode.All => ["everybody"],
            SelectionMode.Map =>
            [
                .. recipe.Faces.Map.OrderBy(m => m.Key).Select(m => $"person {m.Key} gets {m.Value}"),
            ],
            _ => ["the most prominent person of the scan"],
        };

    private static IReadOnlyList<string> Keep(ProbedVideo target) =>
        target.Format.IsStill
            ? ["size and orientation"]
            :
            [
                "every frame, its order and its timestamp",
                .. target
                    .Streams.Where(s => s.Kind is StreamKind.Audio or StreamKind.Subtitle)
                    .Select(s => $"{s.Kind.ToString().ToLowerInvariant()} stream {s.Index} ({s.Codec}), copied"),
                .. target.Chapters > 0 ? new[] { $"{target.Chapters} chapters" } : [],
            ];
}

/// <summary>The licence of one model of a plan.</summary>
internal sealed record PlannedLicence(string Id, string Licence, string LicenceClass)
{
    public static PlannedLicence Of(LicensedModel model) =>
        new(model.Id, model.Licence, LicenceClasses.NameOf(model.Class));
}
