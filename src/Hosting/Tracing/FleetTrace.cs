using System.Diagnostics;

namespace FaceFusion.Batch.Hosting.Tracing;

/// <summary>
/// Where the spans of a job are begun. A job is one trace: its row keeps where it was asked for, and whatever is done for it, by whatever
/// process and however much later, is a child of that. Without a listener nothing is made and nothing costs.
/// </summary>
public static class FleetTrace
{
    public const string SourceName = "FaceFusion.Batch";

    /// <summary>Names the job that a span is for, a <see cref="Guid"/>.</summary>
    public const string JobTag = "ffb.job";

    /// <summary>Longest value of <see cref="Here"/>, as the W3C recommendation "Trace Context" has it.</summary>
    public const int ParentLength = 55;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether spans are wanted at all.</summary>
    public static bool IsHeard => Source.HasListeners();

    /// <summary>Where the code that asks stands in a recorded trace, as a <c>traceparent</c>; null: in none.</summary>
    public static string? Here =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Begins a span; dispose it where what it tells of is over. Null: nobody listens.</summary>
    /// <param name="name">What is done: a few words, the same each time.</param>
    /// <param name="parent">A <c>traceparent</c>; null: whatever the code that asks stands in.</param>
    /// <param name="job">For whom.</param>
    /// <param name="chunk">Its index, where it is about one.</param>
    /// <param name="attempt">At the chunk.</param>
    public static Activity? Start(string name, string? parent, Guid job, int? chunk = null, int? attempt = null)
    {
        if (!IsHeard)
        {
            return null;
        }

        ActivityContext above =
            parent is not null && ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext read)
                ? read
                : Activity.Current?.Context ?? default;
        Activity? span = Source.StartActivity(name, ActivityKind.Internal, above);
        Mark(span, job, chunk, attempt);
        return span;
    }

    /// <summary>Says whom a span is about.</summary>
    public static void Mark(Activity? span, Guid job, int? chunk, int? attempt)
    {
        _ = span?.SetTag(JobTag, job);
        if (chunk is not null)
        {
            _ = span?.SetTag("ffb.chunk", chunk);
        }

        if (attempt is not null)
        {
            _ = span?.SetTag("ffb.attempt", attempt);
        }
    }
}
