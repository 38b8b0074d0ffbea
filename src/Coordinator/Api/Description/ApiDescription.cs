using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FaceFusion.Batch.Coordinator.Api.Description;

/// <summary>The API's own description, OpenAPI 3.1, at <c>/openapi/v1.json</c>; no key is needed to read it.</summary>
internal static class ApiDescription
{
    /// <summary>On each operation: the scope that a key must have.</summary>
    public const string ScopeField = "x-scope";

    private const string Key = "apiKey";

    public static void Add(IServiceCollection services) =>
        _ = services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                _ = options.AddDocumentTransformer(DescribeAsync).AddOperationTransformer(DescribeAsync);
                options.ShouldInclude = endpoint =>
                    endpoint.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) ?? false;
            }
        );

    public static void Map(WebApplication app) => _ = app.MapOpenApi("/openapi/{documentName}.json");

    private static Task DescribeAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken stop
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "FaceFusion.Batch",
            Version = "v1",
            Description = "Jobs that fuse faces in videos. Problems are answered as RFC 9457 says.",
        };
        // Where it is served is known to whoever reads it there.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken stop
    )
    {
        IList<object> known = context.Description.ActionDescriptor.EndpointMetadata;
        string scope = known.OfType<ScopeNeeded>().Last().Scope;
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions[ScopeField] = new JsonNodeExtension(scope);
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] },
        ];
        Describe(operation, known.OfType<Honoured>());
        if (known.OfType<OptionalBody>().SingleOrDefault() is { } body)
        {
            OpenApiSchema taken = await context.GetOrCreateSchemaAsync(body.Type, null, stop);
            _ = context.Document!.AddComponent(body.Type.Name, taken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [RequestBody.Json] = new()
                    {
                        Schema = new OpenApiSchemaReference(body.Type.Name, context.Document),
                    },
                },
            };
        }

        const string Problem = nameof(ApiProblem);
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(typeof(ApiProblem), null, stop);
        _ = context.Document!.AddComponent(Problem, schema);
        Refusals.Describe(operation, known, new OpenApiSchemaReference(Problem, context.Document));
    }

    private static void Describe(OpenApiOperation operation, IEnumerable<Honoured> honoured)
    {
        operation.Parameters ??= [];
        foreach (Honoured parameter in honoured)
        {
            // What the framework has found of it by itself says less.
            foreach (IOpenApiParameter found in operation.Parameters.Where(p => p.Name == parameter.Name).ToList())
            {
                _ = operation.Parameters.Remove(found);
            }

            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = parameter.In,
                    Description = parameter.Description,
                    Required = parameter.IsNeeded,
                    Schema = parameter.Schema,
                }
            );
        }
    }
}
