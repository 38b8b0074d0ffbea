using System.Diagnostics;
using System.Reflection;
using FaceFusion.Batch.Hosting.Tracing;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Hosting;

/// <summary>Every log line written while a message is handled, and its span, carries its job, chunk and attempt.</summary>
public sealed class MessageScopeFilter<T>(ILogger<MessageScopeFilter<T>> logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly PropertyInfo[] Named =
    [
        .. new[] { "JobId", "ChunkIndex", "Attempt" }.Select(typeof(T).GetProperty).OfType<PropertyInfo>(),
    ];

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        Dictionary<string, object?> names = Named.ToDictionary(p => p.Name, p => p.GetValue(context.Message));
        if (Activity.Current is { } span && names.TryGetValue("JobId", out object? job) && job is Guid id)
        {
            FleetTrace.Mark(
                span,
                id,
                names.GetValueOrDefault("ChunkIndex") as int?,
                names.GetValueOrDefault("Attempt") as int?
            );
        }

        using (logger.BeginScope(names))
        {
            await next.Send(context);
        }
    }

    public void Probe(ProbeContext context) => _ = context.CreateFilterScope("messageScope");
}
