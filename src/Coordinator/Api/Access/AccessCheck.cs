using System.Net.Http.Headers;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Access;

/// <summary>Nothing below <c>/v1</c> without a key, not even to learn what there is; and nothing beyond the key's scopes.</summary>
internal sealed class AccessCheck(RequestDelegate next, ApiKeys keys)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments("/v1"))
        {
            Caller caller =
                await FindAsync(http)
                ?? throw new ProblemException(
                    ProblemKind.Unauthorized,
                    "Send an API key that is neither expired nor revoked: Authorization: Bearer ffb_…"
                );
            if (http.GetEndpoint()?.Metadata.GetMetadata<ScopeNeeded>() is { } needed && !caller.May(needed.Scope))
            {
                throw new ProblemException(ProblemKind.Forbidden, $"The scope {needed.Scope} is needed.");
            }

            http.Features.Set(caller);
        }

        await next(http);
    }

    private async Task<Caller?> FindAsync(HttpContext http) =>
        AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out AuthenticationHeaderValue? sent)
        && sent is { Scheme: "Bearer", Parameter: { } text }
            ? await keys.FindAsync(text, http.RequestAborted)
            : null;
}

internal static class Callers
{
    /// <summary>Whose request it is; below <c>/v1</c> there always is one.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has not been checked.");

    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeNeeded(scope));
}
