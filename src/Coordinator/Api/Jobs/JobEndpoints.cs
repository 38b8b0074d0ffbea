using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Events;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Outputs;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Replays;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary><c>/v1/jobs</c>: ask for a job, read it, list.</summary>
internal static class JobEndpoints
{
    private const string PollSeconds = "2";

    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder jobs = v1.MapGroup("/jobs").WithTags("Jobs");
        _ = jobs.MapPost("", CreateAsync)
            .Needs(ApiScope.WriteJobs)
            .Honours(Parameters.ValidateOnly, Parameters.IdempotencyKey, Parameters.Wait)
            .Accepts<CreateJob>(RequestBody.Json)
            .FailsByItself(400, "INVALID_REQUEST, or the recipe's own code, such as RECIPE_VALUE.")
            .Fails(ProblemKind.ModelLicence)
            .Produces<ApiJob>(201)
            .Produces<ApiPlanAnswer>()
            .WithName("createJob")
            .WithSummary("Ask for a job; with validateOnly=true only for its plan");
        _ = jobs.MapGet("", ListAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(
                Parameters.PageSize,
                Parameters.PageToken,
                Parameters.Filter(JobFilter.Grammar),
                Parameters.OrderBy
            )
            .Produces<ApiJobList>()
            .WithName("listJobs")
            .WithSummary("Your jobs, in pages; filter by state, createTime and labels");
        _ = jobs.MapGet("/{job}", GetAsync)
            .Needs(ApiScope.ReadJobs)
            .Honours(Parameters.IfNoneMatch, Parameters.Wait)
            .Produces<ApiJob>()
            .Produces(304)
            .WithName("getJob")
            .WithSummary("A job; 304 while it is as your If-None-Match says");
        JobActionEndpoints.Map(jobs);
        ChunkEndpoints.Map(jobs);
        ReplayEndpoints.Map(jobs);
        OutputEndpoints.Map(jobs);
        EventEndpoints.Map(jobs);
    }

    /// <summary>The job as it is now, with its version.</summary>
    public static async Task<IResult> AnswerAsync(string job, HttpContext http, JobShelf shelf)
    {
        JobRow row = await shelf.FindAsync(http.Caller().TenantId, job, http.RequestAborted);
        ApiJob answer = JobAnswers.Of(row, await shelf.ProgressAsync(row, http.RequestAborted));
        http.Response.Headers.ETag = JobAnswers.TagOf(row.Version);
        if (!row.State.IsTerminal())
        {
            http.Response.Headers.RetryAfter = PollSeconds;
        }

        return Results.Json(answer, ApiJson.Answers);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http,
        JobIntake intake,
        JobShelf shelf,
        Submitting.Jobs jobs,
        Repeats repeats,
        ApiOptions options,
        TimeProvider clock
    )
    {
        RequestBody<CreateJob> body = await RequestBody.ReadAsync<CreateJob>(http);
        string tenant = http.Caller().TenantId;
        if (http.Request.Query["validateOnly"] == "true")
        {
            (JobDraft plan, UploadedMedia media) = await intake.DraftAsync(
                tenant,
                default,
                body.Value,
                http.RequestAborted
            );
            return Results.Json(await intake.PlanAsync(plan, media, http.RequestAborted), ApiJson.Answers);
        }

        Made made = await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                (JobDraft draft, _) = await intake.DraftAsync(tenant, id, body.Value, default);
                await jobs.AcceptAsync(draft, default);
                string name = ApiIds.Write(ApiIds.Job, id);
                JobRow row = await shelf.FindAsync(tenant, name, default);
                ApiJob answer = JobAnswers.Of(row, await shelf.ProgressAsync(row, default));
                return Made.Of(201, answer, id, $"/v1/jobs/{name}", JobAnswers.TagOf(row.Version));
            }
        );
        if (made.IsReplayed || Waits.Asked(http, options) is not { } seconds)
        {
            return made;
        }

        string jobId = ApiIds.Write(ApiIds.Job, made.MadeId);
        JobRow last = await shelf.FindAsync(tenant, jobId, default);
        await Waits.UntilAsync(
            async stop => (last = await shelf.FindAsync(tenant, jobId, stop)).State.IsTerminal(),
            TimeSpan.FromSeconds(seconds),
            Waits.Soon,
            clock,
            http.RequestAborted
        );
        ApiJob waited = JobAnswers.Of(last, await shelf.ProgressAsync(last, default));
        return Made.Of(201, waited, made.MadeId, made.Location, JobAnswers.TagOf(last.Version));
    }

    private static async Task<IResult> GetAsync(
        string job,
        HttpContext http,
        JobShelf shelf,
        OpenStreams open,
        IHostApplicationLifetime process,
        ApiOptions options,
        TimeProvider clock
    )
    {
        bool isConditional = http.Request.Headers.IfNoneMatch.Count > 0;
        int? seconds = Waits.Asked(http, options);
        if (isConditional || seconds is not null)
        {
            string tenant = http.Caller().TenantId;
            // A wait is a wish: where as many are held as may be, the answer comes at once.
            using IDisposable? place = seconds is null ? null : open.TryOpen(tenant);
            if (seconds is not null && place is null)
            {
                seconds = null;
                Waits.Ignore(http);
            }

            Standing last = new(0, default);
            await Waits.UntilAsync(
                async stop =>
                {
                    last = await shelf.StandingAsync(tenant, job, stop);
                    return last.State.IsTerminal()
                        || (isConditional && !Preconditions.HasSeen(http, last.Version))
                        || process.ApplicationStopping.IsCancellationRequested;
                },
                TimeSpan.FromSeconds(seconds ?? 0),
                Waits.Sparing,
                clock,
                http.RequestAborted
            );
            if (isConditional && Preconditions.HasSeen(http, last.Version))
            {
                http.Response.Headers.ETag = JobAnswers.TagOf(last.Version);
                return Results.StatusCode(304);
            }
        }

        return await AnswerAsync(job, http, shelf);
    }

    private static async Task<IResult> ListAsync(HttpContext http, JobShelf shelf)
    {
        PageRequest request = new(http);
        (IReadOnlyList<JobRow> page, string? next) = request.Cut(
            http,
            await shelf.ListAsync(http.Caller().TenantId, http, request, http.RequestAborted),
            j => new PageStart(j.CreatedAt.ToUnixTimeMilliseconds(), j.Id)
        );
        return Results.Json(new ApiJobList([.. page.Select(j => JobAnswers.Of(j, null))], next), ApiJson.Answers);
    }
}
