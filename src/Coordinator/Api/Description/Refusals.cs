using System.Globalization;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace FaceFusion.Batch.Coordinator.Api.Description;

/// <summary>On an endpoint: a problem that it may answer with, beyond those that follow from what it honours.</summary>
internal sealed record MayFail(ProblemKind Kind);

/// <summary>On an endpoint: it may answer with this status and a code of the thing that was asked for.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">Whose codes.</param>
internal sealed record MayFailByItself(int Status, string Description);

/// <summary>The problems of each operation, by their status; every one holds its codes in <see cref="CodesField"/>.</summary>
internal static class Refusals
{
    /// <summary>On an answer: every code that it may have; left out where there are others.</summary>
    public const string CodesField = "x-codes";

    public static TBuilder Fails<TBuilder>(this TBuilder endpoint, params ProblemKind[] kinds)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata([.. kinds.Select(k => new MayFail(k))]);

    public static TBuilder FailsByItself<TBuilder>(this TBuilder endpoint, int status, string description)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new MayFailByItself(status, description));

    public static void Describe(OpenApiOperation operation, IList<object> known, IOpenApiSchema problem)
    {
        operation.Responses ??= [];
        ILookup<int, string> own = known.OfType<MayFailByItself>().ToLookup(f => f.Status, f => f.Description);
        ILookup<int, ProblemKind> kinds = KindsOf(operation, known).Distinct().ToLookup(k => k.Status);
        foreach (int status in kinds.Select(k => k.Key).Union(own.Select(o => o.Key)).Order())
        {
            OpenApiResponse answer = Answer(
                string.Join(' ', [.. own[status], .. kinds[status].Select(k => $"{k.Code}: {k.Title}.")]),
                problem
            );
            if (!own[status].Any())
            {
                JsonArray codes = [.. kinds[status].Select(k => JsonValue.Create(k.Code))];
                answer.Extensions = new Dictionary<string, IOpenApiExtension>
                {
                    [CodesField] = new JsonNodeExtension(codes),
                };
            }

            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = answer;
        }

        operation.Responses["default"] = Answer("A problem (RFC 9457)", problem);
    }

    private static IEnumerable<ProblemKind> KindsOf(OpenApiOperation operation, IList<object> known)
    {
        List<ProblemKind> kinds = [ProblemKind.Unauthorized, ProblemKind.Forbidden];
        List<Honoured> honoured = [.. known.OfType<Honoured>()];
        bool hasBody = known.Any(k => k is IAcceptsMetadata or OptionalBody);
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true)
        {
            kinds.Add(ProblemKind.NotFound);
        }

        if (hasBody)
        {
            kinds.AddRange([ProblemKind.InvalidRequest, ProblemKind.TooLarge, ProblemKind.MediaType]);
        }

        foreach (Honoured parameter in honoured)
        {
            kinds.AddRange(KindsOf(parameter.Name));
        }

        return [.. kinds, .. known.OfType<MayFail>().Select(f => f.Kind)];
    }

    private static ProblemKind[] KindsOf(string parameter) =>
        parameter switch
        {
            "pageSize" or "pageToken" or "orderBy" or "filter" => [ProblemKind.InvalidRequest],
            "Idempotency-Key" => [ProblemKind.InvalidRequest, ProblemKind.InFlight, ProblemKind.KeyReused],
            "If-Match" => [ProblemKind.Stale, ProblemKind.MatchNeeded],
            "Range" => [ProblemKind.Range],
            _ => [],
        };

    private static OpenApiResponse Answer(string description, IOpenApiSchema problem) =>
        new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ApiProblem.ContentType] = new OpenApiMediaType { Schema = problem },
            },
        };
}
