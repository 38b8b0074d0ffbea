using System.Globalization;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Events;

/// <summary><c>/v1/jobs/{job}/events</c>: what has happened to a job, as a list or as a stream of what happens.</summary>
internal static class EventEndpoints
{
    private const string Stream = "text/event-stream";

    public static void Map(RouteGroupBuilder jobs) =>
        _ = jobs.MapGet("/{job}/events", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.PageSize, Parameters.PageToken, Parameters.LastEventId)
            .Fails(ProblemKind.TooMany)
            .Produces<ApiEventList>(200, "application/json", Stream)
            .Produces(204)
            .WithName("listEvents")
            .WithSummary("What has happened to a job, in pages; with Accept: text/event-stream also what happens");

    private static async Task<IResult> GetAsync(
        string job,
        HttpContext http,
        JobShelf shelf,
        EventShelf events,
        EventStream stream,
        OpenStreams open
    )
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        bool isStream = http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals(Stream, Ignored));
        return isStream ? await FollowAsync(row, http, events, stream, open) : await ListAsync(row, http, events);
    }

    private static StringComparison Ignored => StringComparison.OrdinalIgnoreCase;

    private static async Task<IResult> ListAsync(JobRow row, HttpContext http, EventShelf events)
    {
        PageRequest request = new(http);
        (IReadOnlyList<ApiEvent> page, string? next) = request.Cut(
            http,
            await events.ListAsync(row.Id, (int)(request.Start?.Number ?? 0), request.Size + 1, http.RequestAborted),
            e => new PageStart(e.Id, default)
        );
        return Results.Json(new ApiEventList(page, next), ApiJson.Answers);
    }

    private static async Task<IResult> FollowAsync(
        JobRow row,
        HttpContext http,
        EventShelf events,
        EventStream stream,
        OpenStreams open
    )
    {
        string sent = http.Request.Headers["Last-Event-ID"].ToString();
        int? last =
            sent.Length == 0 ? 0
            : int.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : null;
        if (last > 0 && !await events.ExistsAsync(row.Id, number: last.Value, http.RequestAborted))
        {
            last = null;
        }

        bool isOver =
            last > 0
            && row.State.IsTerminal()
            && (await events.ListAsync(row.Id, last.Value, 1, http.RequestAborted)).Count == 0;
        if (isOver)
        {
            // To a browser: do not come again.
            return Results.NoContent();
        }

        using (open.Open(row.TenantId))
        {
            await stream.WriteAsync(http, row.Id, last);
        }

        return Results.Empty;
    }
}
