using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands.Submit;

/// <summary><c>ffb submit</c>: a job for a fleet.</summary>
internal sealed class SubmitCommand
{
    private readonly FaceOptions _faces = new();
    private readonly EncodeOptions _encode = new();
    private readonly Option<string> _target = JobOptions.TargetOption("The video or picture to work on");
    private readonly Option<int?> _chunkFrames = JobOptions.ChunkFramesOption();
    private readonly Option<bool> _cancel = JobWatching.CancelOnInterrupt();

    private readonly Option<int?> _priority = JobOptions.Number(
        "--priority",
        "Higher goes first, 0 to 100 (default: 50)",
        0,
        100
    );

    private readonly Option<string[]> _label = new("--label")
    {
        Description = "A mark of your own to find the job by; give it several times for several",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<string?> _key = new("--idempotency-key")
    {
        Description = "Of your choice: within a day, the same command with the same key makes no second job",
        HelpName = "KEY",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Upload and check everything and show the plan, but make no job",
    };

    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Watch the job to its end; Ctrl-C detaches, and the job goes on",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "With --watch: fetch the result into this file or folder",
        HelpName = "PATH",
    };

    private readonly Option<bool> _force = JobDownload.ForceOption();

    public static Command Create()
    {
        SubmitCommand submit = new();
        ExampledCommand command = FleetCommand.Create(
            "submit",
            "Have a fleet put the face of a photo into a video or picture; prints the job's id",
            submit.RunAsync,
            "ffb submit --source me.jpg --target clip.mp4",
            "ffb submit --source me.jpg --target clip.mp4 --watch --output out.mp4",
            "ffb submit --map 1=ann.jpg --map 2=bob.jpg --target clip.mp4 --priority 80 --label campaign=spring",
            "ffb submit --source me.jpg --target clip.mp4 --model inswapper_128 --enhance gfpgan_1.4:60",
            "ffb submit --recipe redact.json --target clip.mp4 --idempotency-key row-7",
            "ffb submit --source me.jpg --target clip.mp4 --usage commercial --dry-run"
        );
        submit._faces.AddTo(command);
        submit._encode.AddTo(command);
        return command.With(
            submit._target,
            submit._chunkFrames,
            submit._priority,
            submit._label,
            submit._key,
            UsageOption.Usage.Option,
            submit._dryRun,
            submit._watch,
            submit._output,
            submit._force,
            submit._cancel
        );
    }

    private async Task<ExitCode> RunAsync(FleetSession session)
    {
        (Recipe recipe, IReadOnlyList<PhotosOfIdentity> photos) = _faces.Read(session.Parsed, _encode);
        Submission order = new()
        {
            Target = session.Parsed.GetRequiredValue(_target),
            Photos = photos,
            Recipe = recipe,
            Priority = session.Get(_priority),
            Labels = LabelOptions.Read(session.Get(_label)),
            Usage = UsageOption.Read(session.Parsed),
            ChunkFrames = session.Get(_chunkFrames),
            IdempotencyKey = session.Get(_key),
        };
        order.RequireFiles();
        string? output = session.Get(_output);
        if (output is not null)
        {
            RequirePlace(output, session.Get(_watch), session.Get(_force));
        }

        Submitter submitter = new(session.Jobs.Connection, session.Terminal);
        CreateJob asked = await submitter.PrepareAsync(order, default);
        if (session.Get(_dryRun))
        {
            ApiPlanAnswer plan = await submitter.PlanAsync(asked, default);
            session.Terminal.AnswerOne(plan, text => PlanTable.Print(text, plan));
            return ExitCode.Ok;
        }

        ApiJob job = await submitter.SubmitAsync(asked, order.IdempotencyKey, default);
        if (!session.Get(_watch))
        {
            session.Terminal.AnswerOne(job, text => text.Line(job.Id));
            session.Terminal.Note($"Watch it with: ffb jobs watch {job.Id}");
            return ExitCode.Ok;
        }

        session.Terminal.Note($"{job.Id} is {JobTables.NameOf(job.State)}");
        IReadOnlyList<ApiJob>? ended = await JobWatching.ToEndAsync(session, [job.Id], session.Get(_cancel));
        ExitCode exit = JobWatching.ExitFor(ended);
        if (output is not null && exit == ExitCode.Ok)
        {
            (_, string path) = await JobDownload.FetchAsync(
                session,
                job.Id,
                JobDownload.Result,
                output,
                session.Get(_force)
            );
            session.Terminal.Note($"The result is in {path}");
        }

        JobWatchCommand.Print(session.Terminal, ended);
        return exit;
    }

    /// <summary>Whoever has waited for a result must not learn then that there is no place for it.</summary>
    private static void RequirePlace(string output, bool isWatched, bool overwrite)
    {
        if (!isWatched)
        {
            throw Setting.Wrong("--output needs --watch; later, `ffb jobs download` fetches the result.");
        }

        if (!Directory.Exists(output))
        {
            _ = JobDownload.PlaceOf(output, "", overwrite);
        }
    }
}
