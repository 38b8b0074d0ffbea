using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Coordinator.Api.Events;

/// <summary>
/// A job's events as they happen, as server-sent events. They are read from the table, so any Coordinator serves any client and a
/// client that lost its connection goes on from the last event that it has.
/// </summary>
internal sealed class EventStream(EventShelf shelf, IHostApplicationLifetime process, TimeProvider clock)
{
    private const int AtATime = 200;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>After this the client comes again, and its key is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Until the job has ended and all is told, or the client, the process or the time ends it.</summary>
    /// <param name="http">Where to.</param>
    /// <param name="jobId">Whose events.</param>
    /// <param name="last">The last event that the client has; null: it does not know, and is told to begin anew.</param>
    public async Task WriteAsync(HttpContext http, Guid jobId, int? last)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            process.ApplicationStopping
        );
        http.Response.ContentType = "text/event-stream";
        // Proxies that gather answers would hold the events back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            string begin = "retry: 2000\n\n";
            string reset = JsonSerializer.Serialize(new ApiReset(ApiIds.Write(ApiIds.Job, jobId)), ApiJson.Answers);
            await SendAsync(http, last is null ? $"{begin}id: 0\nevent: reset\ndata: {reset}\n\n" : begin, stop.Token);
            await FollowAsync(http, jobId, last ?? 0, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client has gone, or comes again to another process.
        }
    }

    private async Task FollowAsync(HttpContext http, Guid jobId, int last, CancellationToken stop)
    {
        long begun = clock.GetTimestamp();
        long sent = begun;
        long? seen = null;
        while (clock.GetElapsedTime(begun) < Longest && await shelf.StandingAsync(jobId, stop) is { } now)
        {
            bool isMore = false;
            if (now.Version != seen)
            {
                IReadOnlyList<ApiEvent> events = await shelf.ListAsync(jobId, last, AtATime, stop);
                if (events.Count > 0)
                {
                    await SendAsync(http, string.Concat(events.Select(Format)), stop);
                    last = events[^1].Id;
                    sent = clock.GetTimestamp();
                }

                isMore = events.Count == AtATime;
                seen = isMore ? null : now.Version;
            }

            if (isMore)
            {
                continue;
            }

            if (now.State.IsTerminal())
            {
                return;
            }

            if (clock.GetElapsedTime(sent) >= CommentEvery)
            {
                await SendAsync(http, ":\n\n", stop);
                sent = clock.GetTimestamp();
            }

            await Task.Delay(LookEvery, clock, stop);
        }
    }

    private static string Format(ApiEvent told) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"id: {told.Id}\nevent: {told.Type}\ndata: {JsonSerializer.Serialize(told, ApiJson.Answers)}\n\n"
        );

    private static async Task SendAsync(HttpContext http, string text, CancellationToken stop)
    {
        _ = await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
    }
}
