using System.Runtime.CompilerServices;
using System.Security.Authentication;
using FaceFusion.Batch.Hosting.Metrics;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Hosting;

/// <summary>
/// The bus on RabbitMQ. What must outlive a broker's node is in quorum queues: durable, replicated, with a limit of deliveries
/// after which a message goes to the queue <c>dead-letters</c>. A consumer that throws has its message, with the reason, in
/// <c>&lt;queue&gt;_error</c>; what is of no type that is consumed here goes to <c>&lt;queue&gt;_skipped</c>. Lost connections are made again for as long as the process lives.
/// </summary>
internal static class RabbitMqTransport
{
    private const string DeadLetters = "dead-letters";

    /// <summary>How long the broker keeps a process's own queue of broadcasts after its connection is gone.</summary>
    private static readonly TimeSpan BroadcastsKept = TimeSpan.FromMinutes(1);

    /// <summary>Not inlined, so that a process on the in-memory bus does not load the broker's client.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Use(IBusRegistrationConfigurator bus, RabbitMqOptions options)
    {
        bus.AddConfigureEndpointsCallback(
            (context, name, endpoint) => Configure(name, endpoint, options, context.GetRequiredService<BusMeter>())
        );
        bus.UsingRabbitMq(
            (context, transport) =>
            {
                transport.Host(
                    options.Host,
                    (ushort)(options.Port ?? (options.UseTls ? 5671 : 5672)),
                    options.VirtualHost,
                    host =>
                    {
                        host.Username(options.User);
                        host.Password(options.Password);
                        host.PublisherConfirmation = true;
                        if (options.UseTls)
                        {
                            host.UseSsl(tls =>
                            {
                                tls.ServerName = options.Host;
                                tls.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
                            });
                        }
                    }
                );
                transport.UseConsumeFilter(typeof(MessageScopeFilter<>), context);
                transport.ConfigureEndpoints(context);
            }
        );
    }

    private static void Configure(
        string name,
        IReceiveEndpointConfigurator endpoint,
        RabbitMqOptions options,
        BusMeter meter
    )
    {
        if (endpoint is not IRabbitMqReceiveEndpointConfigurator queue)
        {
            return;
        }

        if (Broadcasts.IsQueue(name))
        {
            // Durable, as newer brokers refuse shared queues that are not; it goes with its process all the same.
            queue.Durable = true;
            queue.QueueExpiration = BroadcastsKept;
            return;
        }

        queue.ConfigureDeadLetter(pipe =>
        {
            pipe.UseExecute(meter.Skipped);
            pipe.UseFilter(new DeadLetterTransportFilter());
        });
        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-delivery-limit", options.DeliveryLimit);
        queue.SetQueueArgument(
            "x-consumer-timeout",
            (long)TimeSpan.FromMinutes(options.AcknowledgeMinutes).TotalMilliseconds
        );
        // Moved, not copied and forgotten: a dead letter counts as delivered when the other queue has it.
        queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        queue.SetQueueArgument("x-overflow", "reject-publish");
        queue.BindDeadLetterQueue(DeadLetters, DeadLetters, letters => letters.SetQuorumQueue());
    }
}
