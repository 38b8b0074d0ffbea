namespace FaceFusion.Batch.Contracts.Api.Webhooks;

/// <summary>Types of events that webhooks are told of. Receivers pass over types that they do not know.</summary>
public static class WebhookEvents
{
    /// <summary>A job's state is another one, as the API names it; the data is the job.</summary>
    public const string JobStateChanged = "job.state_changed";

    /// <summary>A job has ended, well or not; the data is the job.</summary>
    public const string JobCompleted = "job.completed";

    /// <summary>The last job of a batch has ended; the data is the batch.</summary>
    public const string BatchCompleted = "batch.completed";

    /// <summary>Somebody tries the webhook out; the data is the webhook. It is sent without being asked for in <c>events</c>.</summary>
    public const string Test = "webhook.test";

    /// <summary>What a webhook can ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [JobStateChanged, JobCompleted, BatchCompleted];
}
