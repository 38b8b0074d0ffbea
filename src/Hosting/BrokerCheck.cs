using FaceFusion.Batch.Contracts.Errors;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FaceFusion.Batch.Hosting;

/// <summary>
/// Whether the broker takes this process. The bus itself asks again and again for as long as it lives, which is right later and
/// tells nobody anything at a start.
/// </summary>
public static class BrokerCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <exception cref="StorageException"><c>broker-unreachable</c>, <c>broker-refused</c>.</exception>
    public static Task RequireAsync(RabbitMqOptions options, CancellationToken cancellationToken) =>
        FindUnheardAsync(options, [], cancellationToken);

    /// <summary>The first of the queues that no consumer listens to, in this process or any other; null: none.</summary>
    /// <exception cref="StorageException"><c>broker-unreachable</c>, <c>broker-refused</c>.</exception>
    internal static async Task<string?> FindUnheardAsync(
        RabbitMqOptions options,
        IReadOnlyList<string> queues,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using IConnection connection = await FactoryOf(options).CreateConnectionAsync(cancellationToken);
            string? unheard = null;
            foreach (string queue in queues)
            {
                unheard ??= await IsHeardAsync(connection, queue, cancellationToken) ? null : queue;
            }

            await connection.CloseAsync(cancellationToken);
            return unheard;
        }
        catch (BrokerUnreachableException e) when (IsRefusal(e))
        {
            throw new StorageException(
                "broker-refused",
                $"{options} refused this process: check user, password and virtual host.",
                isTransient: false,
                e
            );
        }
        catch (Exception e) when (e is BrokerUnreachableException or AlreadyClosedException or IOException)
        {
            throw new StorageException(
                "broker-unreachable",
                $"{options} could not be reached ({e.GetBaseException().Message.ReplaceLineEndings(" ")}): check that it is up, and its address.",
                isTransient: true,
                e
            );
        }
    }

    private static ConnectionFactory FactoryOf(RabbitMqOptions options) =>
        new()
        {
            HostName = options.Host,
            Port = options.Port ?? AmqpTcpEndpoint.UseDefaultPort,
            VirtualHost = options.VirtualHost,
            UserName = options.User,
            Password = options.Password,
            RequestedConnectionTimeout = Longest,
            ContinuationTimeout = Longest,
            AutomaticRecoveryEnabled = false,
            Ssl = new SslOption { Enabled = options.UseTls, ServerName = options.Host },
        };

    /// <summary>On a channel of its own: the broker closes it where there is no such queue.</summary>
    private static async Task<bool> IsHeardAsync(
        IConnection connection,
        string queue,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount > 0;
        }
        catch (OperationInterruptedException) when (connection.IsOpen)
        {
            return false;
        }
        catch (TimeoutException e)
        {
            throw new IOException("The broker does not answer.", e);
        }
    }

    private static bool IsRefusal(Exception? e) =>
        e is not null
        && (e is AuthenticationFailureException or OperationInterruptedException || IsRefusal(e.InnerException));
}
