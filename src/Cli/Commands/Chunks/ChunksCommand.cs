using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Chunks;

/// <summary><c>ffb chunks</c>: the parts that a job is worked on in.</summary>
internal static class ChunksCommand
{
    public static Command Create() =>
        new ExampledCommand("chunks", "Look at the chunks of a job", "ffb chunks list job_0123… --attempts")
        {
            List(),
            ChunkReplayCommand.Create(),
        };

    private static ExampledCommand List()
    {
        Argument<string> id = JobsCommand.OneJob();
        Option<bool> attempts = new("--attempts") { Description = "Also every try at each chunk, and how it ended" };
        return FleetCommand
            .Create(
                "list",
                "The chunks of a job: which frames, who works on them, how far",
                async session =>
                {
                    string job = session.Get(id);
                    IReadOnlyList<ApiChunk> chunks = await session.Jobs.ListChunksAsync(job, default);
                    List<(ApiChunk Chunk, IReadOnlyList<ApiAttempt> Attempts)> rows = [];
                    foreach (ApiChunk chunk in chunks)
                    {
                        bool isAsked = session.Get(attempts) && chunk.Attempt > 0;
                        rows.Add(
                            (chunk, isAsked ? await session.Jobs.ListAttemptsAsync(job, chunk.Index, default) : [])
                        );
                    }

                    Print(session, rows);
                    return ExitCode.Ok;
                },
                "ffb chunks list job_0123…",
                "ffb chunks list job_0123… --attempts --output-format jsonl | jq 'select(.attempt > 1)'"
            )
            .With(id, attempts);
    }

    private static void Print(FleetSession session, List<(ApiChunk Chunk, IReadOnlyList<ApiAttempt> Attempts)> rows)
    {
        if (!session.Terminal.IsJson && rows.Count == 0)
        {
            session.Terminal.Note("No chunks yet: the target is not prepared.");
        }

        session.Terminal.AnswerList("chunks", [.. rows.Select(Document)], text => JobTables.PrintChunks(text, rows));
    }

    /// <summary>The chunk as the API has it, and its attempts where they were asked for.</summary>
    private static JsonObject Document((ApiChunk Chunk, IReadOnlyList<ApiAttempt> Attempts) row)
    {
        JsonObject chunk = (JsonObject)JsonSerializer.SerializeToNode(row.Chunk, ClientJson.Options)!;
        if (row.Attempts.Count > 0)
        {
            chunk["attempts"] = JsonSerializer.SerializeToNode(row.Attempts, ClientJson.Options);
        }

        return chunk;
    }
}
