using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Replays;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands.Chunks;

/// <summary><c>ffb chunks replay</c>: does the same come out of a chunk once more?</summary>
internal static class ChunkReplayCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static ExampledCommand Create()
    {
        Argument<string> id = JobsCommand.OneJob();
        Argument<int[]> indexes = new("CHUNK")
        {
            Description = "Indexes of chunks, as list shows them (default: all, one after another)",
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
        };
        Option<bool> compare = new("--compare")
        {
            Description = "Wait for them and say whether their frames are the same; exit code 11 where they are not",
        };
        return FleetCommand
            .Create(
                "replay",
                "Have chunks of a finished job fused once more, from the target's own bytes; the job stays as it is",
                async session =>
                {
                    string job = session.Get(id);
                    int[] asked = session.Get(indexes);
                    IEnumerable<int> chunks =
                        asked.Length > 0
                            ? asked.Distinct()
                            : (await session.Jobs.ListChunksAsync(job, default)).Select(c => c.Index);
                    List<ApiReplay> replays = [];
                    foreach (int chunk in chunks)
                    {
                        ApiReplay replay = await StartAsync(session, job, chunk);
                        // One after another: a replay goes past the order of jobs, and is to disturb none.
                        replays.Add(
                            session.Get(compare) || asked.Length == 0 ? await UntilOverAsync(session, replay) : replay
                        );
                    }

                    session.Terminal.AnswerList("replays", replays, text => Print(text, replays));
                    return ExitOf(replays);
                },
                "ffb chunks replay job_0123… 17 --compare",
                "ffb chunks replay job_0123… --compare   # every chunk"
            )
            .With(id, indexes, compare);
    }

    private static Task<ApiReplay> StartAsync(FleetSession session, string job, int chunk) =>
        session.Jobs.Connection.AskAsync<ApiReplay>(
            // One that is under way is answered again.
            ApiCall.Post($"{FleetJobs.PathOf(job)}/chunks/{chunk}:replay") with
            {
                IsRepeatable = true,
            },
            default
        );

    private static async Task<ApiReplay> UntilOverAsync(FleetSession session, ApiReplay replay)
    {
        while (replay.State is ReplayStep.Leased or ReplayStep.Running)
        {
            await Task.Delay(Pause);
            replay = await session.Jobs.Connection.AskAsync<ApiReplay>(
                ApiCall.Get($"{FleetJobs.PathOf(replay.Job)}/chunks/{replay.Chunk}/replays/{replay.Number}"),
                default
            );
        }

        session.Terminal.Note(
            $"chunk {replay.Chunk}: {JobTables.NameOf(replay.State)}, {replay.FramesDone} of {replay.FramesTotal} frames"
        );
        return replay;
    }

    private static ExitCode ExitOf(List<ApiReplay> replays) =>
        replays.Exists(r => r.State == ReplayStep.Different) ? ExitCode.VerificationFailed
        : replays.Exists(r => r.State == ReplayStep.Failed) ? ExitCode.SomeFailed
        : ExitCode.Ok;

    private static void Print(Terminal terminal, List<ApiReplay> replays)
    {
        RowTable table = new("CHUNK", "STATE", "FRAMES", "FIRST ON", "NOW ON", "FIRST FRAMES THAT DIFFER", "WHY");
        foreach (ApiReplay replay in replays)
        {
            table.Add(
                [
                    $"{replay.Chunk}",
                    JobTables.NameOf(replay.State),
                    $"{replay.FramesTotal}",
                    Printable.Of(replay.AcceptedWorker ?? ""),
                    Printable.Of(replay.Worker ?? ""),
                    string.Join(' ', replay.DifferentFrames),
                    Printable.Of(replay.Failure?.Message ?? ""),
                ],
                replay.State switch
                {
                    ReplayStep.Same => Color.Green,
                    ReplayStep.Different or ReplayStep.Failed => Color.Red,
                    _ => null,
                }
            );
        }

        table.WriteTo(terminal);
    }
}
