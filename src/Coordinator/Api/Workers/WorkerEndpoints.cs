using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Dispatching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Workers;

/// <summary><c>/v1/workers</c>: who works, and who is to stop taking work.</summary>
internal static class WorkerEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder workers = v1.MapGroup("/workers").WithTags("Workers");
        _ = Describe(workers.MapGet("", ListAsync), "listWorkers", "Every worker heard of within a day")
            .Produces<ApiWorkerList>();
        _ = Describe(workers.MapGet("/{worker}", GetAsync), "getWorker", "A worker, and your chunks that it works on")
            .Produces<ApiWorker>();
        _ = Describe(
                workers.MapPost("/{worker}:drain", DrainAsync),
                "drainWorker",
                "Have it finish what it works on and take nothing more"
            )
            .Produces<ApiWorker>();
        _ = Describe(workers.MapPost("/{worker}:resume", ResumeAsync), "resumeWorker", "Have it take work again")
            .Produces<ApiWorker>();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.Needs(ApiScope.Workers).WithName(name).WithSummary(summary);

    private static async Task<IResult> ListAsync(HttpContext http, WorkerShelf shelf) =>
        Results.Json(await shelf.ListAsync(http.RequestAborted), ApiJson.Answers);

    private static async Task<IResult> GetAsync(string worker, HttpContext http, WorkerShelf shelf) =>
        Results.Json(await shelf.GetAsync(http.Caller().TenantId, worker, http.RequestAborted), ApiJson.Answers);

    private static Task<IResult> DrainAsync(string worker, HttpContext http, LiveWorkers workers, WorkerShelf shelf) =>
        SetAsync(worker, isDraining: true, http, workers, shelf);

    private static Task<IResult> ResumeAsync(string worker, HttpContext http, LiveWorkers workers, WorkerShelf shelf) =>
        SetAsync(worker, isDraining: false, http, workers, shelf);

    private static async Task<IResult> SetAsync(
        string worker,
        bool isDraining,
        HttpContext http,
        LiveWorkers workers,
        WorkerShelf shelf
    )
    {
        if (!await workers.DrainAsync(worker, isDraining, CancellationToken.None))
        {
            throw new ProblemException(ProblemKind.NotFound, "No worker has this id.");
        }

        return await GetAsync(worker, http, shelf);
    }
}
