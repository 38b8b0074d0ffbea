using System.Diagnostics.Metrics;
using MassTransit;

namespace FaceFusion.Batch.Hosting.Metrics;

/// <summary>Counts messages that this process could not read or deal with; each is kept, in <c>&lt;queue&gt;_error</c> with the reason, or in <c>&lt;queue&gt;_skipped</c>.</summary>
public sealed class BusMeter : IReceiveObserver, IDisposable
{
    private readonly Counter<long> _faults;

    public BusMeter() =>
        _faults = Meter.CreateCounter<long>(
            "ffb_message_faults_total",
            null,
            "Messages that were put aside, because they could not be read or dealt with."
        );

    public Meter Meter { get; } = new("FaceFusion.Batch.Bus");

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        Count(context);
        return Task.CompletedTask;
    }

    /// <summary>For messages of types that nobody here consumes: the library does not take them for faults.</summary>
    public void Skipped(ReceiveContext context) => Count(context);

    private void Count(ReceiveContext context)
    {
        string queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        _faults.Add(1, new KeyValuePair<string, object?>("queue", queue));
    }

    public void Dispose() => Meter.Dispose();
}
