using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Api.Problems;

/// <summary>A kind of problem: the end of its address, its HTTP status, and whether the same request may be met later.</summary>
public sealed record ProblemKind(string Slug, int Status, string Title, bool IsRetryable = false)
{
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "The request is not valid");
    public static readonly ProblemKind Unauthorized = new("unauthorized", 401, "A valid API key is needed");
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "The API key does not allow this");
    public static readonly ProblemKind ModelLicence = new(
        LicenceVerdict.Code,
        403,
        "A model's licence forbids this use"
    );
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is no such thing");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The method is not allowed");
    public static readonly ProblemKind TooSlow = new("request-timeout", 408, "The request came too slowly", true);
    public static readonly ProblemKind InvalidState = new("invalid-state", 409, "Its state does not allow this");
    public static readonly ProblemKind InFlight = new("request-in-flight", 409, "The same request is in flight", true);
    public static readonly ProblemKind Incomplete = new("upload-incomplete", 409, "Blocks are missing", true);
    public static readonly ProblemKind WebhookLimit = new("webhook-limit", 409, "There are as many webhooks as may be");
    public static readonly ProblemKind Expired = new("upload-expired", 410, "The upload has expired");
    public static readonly ProblemKind Stale = new("precondition-failed", 412, "It has changed since");
    public static readonly ProblemKind TooLarge = new("too-large", 413, "The request is too large");
    public static readonly ProblemKind MediaType = new("unsupported-media-type", 415, "The content type is not taken");
    public static readonly ProblemKind Range = new("range-not-satisfiable", 416, "There are no such bytes");
    public static readonly ProblemKind KeyReused = new("idempotency-key-reused", 422, "The key was used otherwise");
    public static readonly ProblemKind WebhookUrl = new("webhook-url-refused", 422, "The address is not allowed");
    public static readonly ProblemKind MatchNeeded = new("precondition-required", 428, "If-Match is needed");
    public static readonly ProblemKind TooMany = new("too-many-requests", 429, "There are too many of these", true);
    public static readonly ProblemKind Internal = new("internal", 500, "Something went wrong that should not have");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "Not able to serve right now", true);

    /// <summary>For programs.</summary>
    public string Code => Slug.ToUpperInvariant().Replace('-', '_');

    /// <summary>The product's own failures keep their codes.</summary>
    public static ProblemKind Of(Failure failure) =>
        failure.Kind switch
        {
            FailureKind.InvalidVideo => new(failure.Code, 422, "The media cannot be used"),
            _ when failure.Code == LicenceVerdict.Code => ModelLicence,
            FailureKind.InvalidRecipe => new(failure.Code, 400, "The recipe is not valid"),
            FailureKind.Cancelled => new(failure.Code, 409, "It was cancelled"),
            _ => new(
                failure.Code,
                failure.IsTransient ? 503 : 500,
                "A part of the service failed",
                failure.IsTransient
            ),
        };

    /// <summary>What the web server itself says.</summary>
    public static ProblemKind OfStatus(int status) =>
        status switch
        {
            400 => InvalidRequest,
            404 => NotFound,
            405 => MethodNotAllowed,
            408 => TooSlow,
            413 => TooLarge,
            415 => MediaType,
            416 => Range,
            _ => new ProblemKind("request-refused", status, "The request was refused"),
        };
}
