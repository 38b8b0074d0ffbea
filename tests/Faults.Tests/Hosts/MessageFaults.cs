using MassTransit;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>
/// Between the broker and a consumer: loses, doubles or holds back a message, or ends the process before or after it is handled.
/// A message that is held back comes after those sent later, so this is disorder too.
/// </summary>
internal sealed class MessageFaults<T>(FaultSwitch faults, IBus bus) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly string Name = typeof(T).Name;

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (faults.Strikes($"lose {Name}") is not null)
        {
            return;
        }

        if (faults.Strikes($"delay {Name}") is { } milliseconds)
        {
            T message = context.Message;
            _ = Task.Delay(milliseconds).ContinueWith(_ => bus.Publish(message), TaskScheduler.Default);
            return;
        }

        if (faults.Strikes($"double {Name}") is not null)
        {
            await bus.Publish(context.Message);
        }

        if (faults.Strikes($"die-within {Name}") is { } later)
        {
            _ = Task.Delay(later)
                .ContinueWith(_ => System.Diagnostics.Process.GetCurrentProcess().Kill(), TaskScheduler.Default);
        }

        faults.Pass($"before-{Name}");
        await next.Send(context);
        faults.Pass($"before-ack-{Name}");
    }

    public void Probe(ProbeContext context) => _ = context.CreateFilterScope("messageFaults");
}
