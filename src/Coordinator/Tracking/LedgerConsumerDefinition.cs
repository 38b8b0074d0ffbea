using FaceFusion.Batch.Coordinator.Sweeping;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// For consumers that write what they hear into rows: while the database is out of reach the message waits here. Only after that is it
/// given up, and the lease heals what it would have said.
/// </summary>
public class LedgerConsumerDefinition<T>(DatabaseTrouble trouble) : ConsumerDefinition<T>
    where T : class, IConsumer
{
    private const int Tries = 8;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<T> consumerConfigurator,
        IRegistrationContext context
    ) =>
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(trouble.Sees);
            retry.Exponential(Tries, First, Longest, First);
        });
}
