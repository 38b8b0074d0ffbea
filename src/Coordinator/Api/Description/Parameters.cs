using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace FaceFusion.Batch.Coordinator.Api.Description;

/// <summary>On an endpoint: a query parameter or a header field that it honours, besides its path and its body.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="In">Query or header.</param>
/// <param name="Description">What it does, and its limits.</param>
/// <param name="Schema">Its kind.</param>
internal sealed record Honoured(string Name, ParameterLocation In, string Description, OpenApiSchema Schema)
{
    /// <summary>Without it the request is refused.</summary>
    public bool IsNeeded { get; init; }
}

/// <summary>On an endpoint: JSON that it takes where there is some. The framework's own word for it refuses requests without.</summary>
internal sealed record OptionalBody(Type Type);

/// <summary>What operations may be asked by query and header; each is described where it is honoured and nowhere else.</summary>
internal static class Parameters
{
    public static readonly Honoured PageSize = new(
        "pageSize",
        ParameterLocation.Query,
        "Rows on a page; more than 500 (1000 blocks) are taken for that many. Default: 50 (1000 blocks).",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = 1.ToString(CultureInfo.InvariantCulture) }
    );

    public static readonly Honoured PageToken = new(
        "pageToken",
        ParameterLocation.Query,
        "The nextPageToken of the page before, with the same filter, order and key.",
        Text()
    );

    public static readonly Honoured OrderBy = new(
        "orderBy",
        ParameterLocation.Query,
        "Default: createTime desc.",
        new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["createTime", "createTime asc", "createTime desc"] }
    );

    public static readonly Honoured ValidateOnly = new(
        "validateOnly",
        ParameterLocation.Query,
        "With true nothing is made, and the plan is answered.",
        new OpenApiSchema { Type = JsonSchemaType.Boolean }
    );

    public static readonly Honoured IdempotencyKey = new(
        "Idempotency-Key",
        ParameterLocation.Header,
        "For a day the same key with the same request has its effect once and gets the same answer.",
        Text(255)
    );

    public static readonly Honoured IfMatch = new(
        "If-Match",
        ParameterLocation.Header,
        "The ETag of the version that you mean to change, or *.",
        Text()
    )
    {
        IsNeeded = true,
    };

    public static readonly Honoured IfNoneMatch = new(
        "If-None-Match",
        ParameterLocation.Header,
        "The ETag of the version that you have: 304 and no body while there is no newer one.",
        Text()
    );

    public static readonly Honoured Wait = new(
        "Prefer",
        ParameterLocation.Header,
        "wait=N holds the answer back for N seconds, at most 60, until there is news; Preference-Applied says for how long.",
        Text()
    );

    public static readonly Honoured LastEventId = new(
        "Last-Event-ID",
        ParameterLocation.Header,
        "The last event that you have of the stream: it goes on behind that.",
        Text()
    );

    public static readonly Honoured Range = new(
        "Range",
        ParameterLocation.Header,
        "One range of bytes; where several are asked for, all bytes are answered.",
        Text()
    );

    public static Honoured Filter(string description) =>
        new("filter", ParameterLocation.Query, description, Text(1000));

    public static TBuilder Honours<TBuilder>(this TBuilder endpoint, params Honoured[] parameters)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata([.. parameters]);

    public static RouteHandlerBuilder MayTake<T>(this RouteHandlerBuilder endpoint)
        where T : class => endpoint.WithMetadata(new OptionalBody(typeof(T)));

    private static OpenApiSchema Text(int? longest = null) =>
        new() { Type = JsonSchemaType.String, MaxLength = longest };
}
