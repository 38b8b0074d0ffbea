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
    public static async Task RequireAsync(RabbitMqOptions options, CancellationToken cancellationToken)
    {
        ConnectionFactory factory = new()
        {
            HostName = options.Host,
            Port = options.Port ?? AmqpTcpEndpoint.UseDefaultPort,
            VirtualHost = options.VirtualHost,
            UserName = options.User,
            Password = options.Password,
            RequestedConnectionTimeout = Longest,
            AutomaticRecoveryEnabled = false,
            Ssl = new SslOption { Enabled = options.UseTls, ServerName = options.Host },
        };
        try
        {
            await using IConnection connection = await factory.CreateConnectionAsync(cancellationToken);
            await connection.CloseAsync(cancellationToken);
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
        catch (BrokerUnreachableException e)
        {
            throw new StorageException(
                "broker-unreachable",
                $"{options} could not be reached ({e.GetBaseException().Message.ReplaceLineEndings(" ")}): check that it is up, and its address.",
                isTransient: true,
                e
            );
        }
    }

    private static bool IsRefusal(Exception? e) =>
        e is not null
        && (e is AuthenticationFailureException or OperationInterruptedException || IsRefusal(e.InnerException));
}
