using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Models;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Models;

/// <summary><c>/v1/models</c>: the catalogue.</summary>
internal static class ModelEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder models = v1.MapGroup("/models").WithTags("Models");
        _ = models
            .MapGet("", (ModelShelf shelf) => Results.Json(new ApiModelList(shelf.Models), ApiJson.Answers))
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiModelList>()
            .WithName("listModels")
            .WithSummary("Every model of the catalogue");
        _ = models
            .MapGet("/{model}", Get)
            .Needs(ApiScope.ReadJobs)
            .Produces<ApiModel>()
            .WithName("getModel")
            .WithSummary("A model");
    }

    private static IResult Get(string model, ModelShelf shelf) =>
        Results.Json(shelf.Models.SingleOrDefault(m => m.Id == model).OrNotFound(), ApiJson.Answers);
}
