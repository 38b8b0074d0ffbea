using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary><c>ffb batch submit</c>.</summary>
internal sealed class BatchSubmitCommand
{
    private static readonly string[] ManifestEndings = [".jsonl", ".ndjson", ".json", ".csv"];

    private readonly FaceOptions _faces = new();
    private readonly EncodeOptions _encode = new();
    private readonly Option<int?> _chunkFrames = JobOptions.ChunkFramesOption();
    private readonly Option<int?> _priority = JobOptions.Number("--priority", "Higher goes first, 0 to 100", 0, 100);
    private readonly Option<int?> _atOnce = JobOptions.Number(
        "--parallel-uploads",
        "Files at a time (default: 4)",
        1,
        32
    );

    private readonly Argument<string[]> _what = new("MANIFEST|GLOB")
    {
        Description = "A manifest (.jsonl, .csv) whose rows name files, or videos by names and patterns",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _label = new("--label")
    {
        Description = "A mark of every job; give it several times for several",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Of the batch, for people",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _goOn = new("--continue-on-error")
    {
        Description = "Submit the good rows where the fleet refuses others (default: none)",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check all rows and files; send nothing" };

    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Watch the batch to its end" };

    public static Command Create()
    {
        BatchSubmitCommand submit = new();
        ExampledCommand command = FleetCommand.Create(
            "submit",
            "Have a fleet work on many videos; prints the batch's id. Run again, it sends and submits only what is missing",
            submit.RunAsync,
            "ffb batch submit rows.jsonl --watch",
            "ffb batch submit 'clips/**/*.mp4' --source me.jpg --name spring",
            "ffb batch submit rows.csv --source me.jpg --model inswapper_128 --enhance gfpgan_1.4",
            "ffb batch submit rows.csv --source me.jpg --dry-run"
        );
        submit._faces.AddTo(command);
        submit._encode.AddTo(command);
        return command.With(
            submit._what,
            submit._chunkFrames,
            submit._priority,
            submit._label,
            submit._name,
            UsageOption.Usage.Option,
            submit._atOnce,
            submit._goOn,
            submit._dryRun,
            submit._watch
        );
    }

    private async Task<ExitCode> RunAsync(FleetSession session)
    {
        (Recipe recipe, IReadOnlyList<PhotosOfIdentity> photos) = _faces.Read(
            session.Parsed,
            _encode,
            mayLackSource: true
        );
        if (photos.SelectMany(p => p.Paths).FirstOrDefault(path => !File.Exists(path)) is { } missing)
        {
            throw Fleet.Setting.Wrong($"There is no photo {missing}: check the path.");
        }

        LocalManifest manifest = await ReadAsync(session.Get(_what), recipe, photos);
        Terminal terminal = session.Terminal;
        if (manifest.Faults.Count > 0)
        {
            foreach (LineFault fault in manifest.Faults)
            {
                terminal.Complain($"line {fault.Line}: {fault.Detail}");
            }

            terminal.Complain($"ffb: {manifest.Faults.Count} errors; nothing was sent. (manifest-invalid)");
            return ExitCode.Precheck;
        }

        if (session.Get(_dryRun))
        {
            int files = manifest.Rows.Select(r => r.Target).Distinct().Count();
            terminal.AnswerOne(
                new { rows = manifest.Rows.Count, targets = files },
                text => text.Line($"{manifest.Rows.Count} rows with {files} targets; all files are there.")
            );
            return ExitCode.Ok;
        }

        JobDefaults defaults = new()
        {
            Recipe = recipe,
            Priority = session.Get(_priority),
            Labels = LabelOptions.Read(session.Get(_label)),
            ChunkFrames = session.Get(_chunkFrames),
            Usage = UsageOption.Read(session.Parsed) is var usage and not LicenceUsage.Unspecified ? usage : null,
        };
        RowErrorRule rule = session.Get(_goOn) ? RowErrorRule.Continue : RowErrorRule.Refuse;
        BatchSender sender = new(session.Jobs.Connection, terminal, session.Get(_atOnce) ?? 4);
        ApiBatch batch = await sender.SendAsync(manifest.Rows, photos, defaults, session.Get(_name), rule, default);
        if (session.Get(_watch))
        {
            terminal.Note($"{batch.Id} is {JobTables.NameOf(batch.State)}");
            return await BatchWatching.ToEndAsync(session, batch.Id);
        }

        terminal.AnswerOne(batch, text => text.Line(batch.Id));
        terminal.Note($"Watch it with: ffb batch watch {batch.Id}");
        return ExitCode.Ok;
    }

    private static async Task<LocalManifest> ReadAsync(
        string[] what,
        Recipe recipe,
        IReadOnlyList<PhotosOfIdentity> photos
    )
    {
        if (what is [{ } path] && ManifestEndings.Contains(Path.GetExtension(path).ToLowerInvariant()))
        {
            if (!File.Exists(path))
            {
                throw Fleet.Setting.Wrong($"There is no manifest {path}: check the path.");
            }

            LocalManifest read = new(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", photos.Count > 0, recipe);
            await using FileStream file = File.OpenRead(path);
            await read.ReadAsync(file, default);
            return read;
        }

        LocalManifest made = new(Directory.GetCurrentDirectory(), photos.Count > 0, recipe);
        int line = 0;
        foreach (string video in what.SelectMany(Globs.Expand).Distinct())
        {
            made.Add(++line, new LocalRow { Id = IdOf(video, recipe, photos), Target = video });
        }

        return line > 0 ? made : throw Fleet.Setting.Wrong($"No file fits {string.Join(' ', what)}.");
    }

    /// <summary>The same video with the same options is the same row, in every run.</summary>
    private static string IdOf(string video, Recipe recipe, IReadOnlyList<PhotosOfIdentity> photos)
    {
        string text = string.Join(
            '\n',
            [Path.GetFullPath(video), RecipeJson.Write(recipe), .. photos.SelectMany(p => p.Paths.Prepend(p.Name))]
        );
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        string name = SafeNames.Of(Path.GetFileNameWithoutExtension(video));
        return $"{name[..Math.Min(name.Length, 100)]}-{hash}";
    }
}
