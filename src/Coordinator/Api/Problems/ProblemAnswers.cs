using System.Diagnostics;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Api.Problems;

/// <summary>The outermost of the API: whatever goes wrong inside leaves as a problem, and says nothing of the inside.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(http);
            await FillAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (ProblemException e)
        {
            await WriteAsync(http, e.Kind, e.Message, e.Errors, e.RetryAfter);
        }
        catch (BadHttpRequestException e)
        {
            var kind = ProblemKind.OfStatus(e.StatusCode);
            await WriteAsync(http, kind, $"{e.Message.TrimEnd('.')}.", null, null);
        }
        catch (InvalidRecipeException e) when (e.Pointer is { } pointer)
        {
            // Wherever the API takes a recipe, its field has this name.
            FieldError error = new($"/recipe{pointer}", e.Message);
            await WriteAsync(http, ProblemKind.Of(Failure.Of(e)), e.Message, [error], null);
        }
        catch (FusionException e)
        {
            await WriteAsync(http, ProblemKind.Of(Failure.Of(e)), e.Message, null, null);
        }
        catch (BlobStoreException e)
        {
            LogFault(e.Code, e);
            Failure failure = Failures.Of(e);
            await WriteAsync(http, ProblemKind.Of(failure), "The store could not serve the request.", null, 5);
        }
#pragma warning disable CA1031 // The outermost: a request never takes the process down, and its cause is in the log.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFault("unexpected", e);
            await WriteAsync(
                http,
                ProblemKind.Internal,
                "Try again; the log has the cause under the traceId.",
                null,
                null
            );
        }
    }

    /// <summary>Answers of the web server's own routing have no body yet.</summary>
    private static Task FillAsync(HttpContext http)
    {
        int status = http.Response.StatusCode;
        bool isBare =
            !http.Response.HasStarted && status >= 400 && (http.Response.ContentType is null || status == 416);
        return isBare ? WriteAsync(http, ProblemKind.OfStatus(status), Detail(status), null, null) : Task.CompletedTask;
    }

    private static string Detail(int status) =>
        status switch
        {
            404 => "There is nothing at this address.",
            405 => "The header field Allow says which methods are.",
            416 => "The header field Content-Range says how many bytes there are.",
            415 => "Send JSON in UTF-8 as application/json.",
            _ => "The request was refused.",
        };

    private static Task WriteAsync(
        HttpContext http,
        ProblemKind kind,
        string detail,
        IReadOnlyList<FieldError>? errors,
        int? retryAfter
    )
    {
        if (http.Response.HasStarted)
        {
            // Half an answer must not look whole.
            http.Abort();
            return Task.CompletedTask;
        }

        string? allow = http.Response.Headers.Allow;
        foreach (string header in (string[])["ETag", "Repr-Digest", "Content-Disposition", "Content-Length"])
        {
            // Of what would have been sent.
            _ = http.Response.Headers.Remove(header);
        }

        http.Response.StatusCode = kind.Status;
        http.Response.Headers.Allow = allow;
        if (kind.Status == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (retryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString();
        }

        ApiProblem problem = new()
        {
            Type = $"/problems/{kind.Slug}",
            Title = kind.Title,
            Status = kind.Status,
            Code = kind.Code,
            Detail = detail,
            Retryable = kind.IsRetryable,
            TraceId = Activity.Current?.Id ?? http.TraceIdentifier,
            Errors = errors,
        };
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.WriteAsJsonAsync(problem, ApiJson.Answers, ApiProblem.ContentType, http.RequestAborted);
    }

    [LoggerMessage(EventIds.RequestFailed, LogLevel.Error, "A request failed: {Code}")]
    private partial void LogFault(string code, Exception cause);
}
