using System.Net;
using System.Text.Json;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>What an answer of 4xx or 5xx means to a user and to the shell.</summary>
internal static class Refusals
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <param name="answer">Not a success.</param>
    /// <param name="isServer">False: it is the blob store's.</param>
    /// <param name="stop">Ends the reading.</param>
    public static async Task<ApiCallException> OfAsync(
        HttpResponseMessage answer,
        bool isServer,
        CancellationToken stop
    )
    {
        int status = (int)answer.StatusCode;
        ApiProblem? problem = isServer ? await ProblemAsync(answer, stop) : null;
        string code = problem is null ? $"http-{status}" : Printable.Of(problem.Type.Split('/')[^1]);
        return new ApiCallException(ExitFor(answer.StatusCode, code), code, Sentence(problem, status, isServer))
        {
            MayPass = status is 408 or 429 or 502 or 503 or 504 || code == "request-in-flight",
            RetryAfter = RetryAfter(answer),
        };
    }

    internal static ExitCode ExitFor(HttpStatusCode status, string code) =>
        (int)status switch
        {
            403 when code == LicenceVerdict.Code => ExitCode.Declined,
            401 or 403 => ExitCode.Unauthorized,
            404 or 410 => ExitCode.NotFound,
            409 or 412 or 428 => ExitCode.Conflict,
            422 when code == "idempotency-key-reused" => ExitCode.Conflict,
            429 => ExitCode.Quota,
            408 or >= 500 => ExitCode.Unavailable,
            _ => ExitCode.Precheck,
        };

    private static string Sentence(ApiProblem? problem, int status, bool isServer)
    {
        if (problem is null)
        {
            return isServer
                ? $"The server answered {status} and not why: check that --server is the HTTP API of a fleet."
                : $"The blob store answered {status}.";
        }

        IEnumerable<string> others = (problem.Errors ?? []).Skip(1).Select(error => $"{error.Pointer}: {error.Detail}");
        string trace = status >= 500 ? $" (trace {problem.TraceId})" : "";
        return Printable.Of($"{string.Join(' ', [problem.Detail, .. others])}{trace}");
    }

    private static async Task<ApiProblem?> ProblemAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentType?.MediaType != ApiProblem.ContentType)
        {
            return null;
        }

        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(stop);
            return await JsonSerializer.DeserializeAsync<ApiProblem>(body, ClientJson.Options, stop);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        TimeSpan? asked =
            answer.Headers.RetryAfter?.Delta
            ?? (answer.Headers.RetryAfter?.Date - answer.Headers.Date is { } until ? until : null);
        return asked is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestRetryAfter.Ticks)) : null;
    }
}
