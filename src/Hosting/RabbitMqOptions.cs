using System.ComponentModel.DataAnnotations;

namespace FaceFusion.Batch.Hosting;

/// <summary>Where the broker is, and who this process is to it. Printed without the password.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>Name or address of the broker. Default: localhost.</summary>
    [Required]
    public string Host { get; init; } = "localhost";

    /// <summary>Default: 5672, with TLS 5671.</summary>
    [Range(1, 65535)]
    public int? Port { get; init; }

    [Required]
    public string VirtualHost { get; init; } = "/";

    [Required]
    public string User { get; init; } = "guest";

    [Required]
    public string Password { get; init; } = "guest";

    /// <summary>TLS 1.2 or newer, with a certificate that this machine trusts and that names <see cref="Host"/>.</summary>
    public bool UseTls { get; init; }

    /// <summary>
    /// How often a message may be delivered before the broker puts it into the queue <c>dead-letters</c>. Far above what the
    /// Coordinator allows: it is for messages that take down whoever reads them. Default: 50.
    /// </summary>
    [Range(1, 10_000)]
    public int DeliveryLimit { get; init; } = 50;

    /// <summary>
    /// How long a message may be worked on before the broker delivers it again, in minutes; longer than the slowest chunk takes.
    /// Brokers before 3.12 know one limit for the whole node alone (<c>consumer_timeout</c>, 30 minutes by default): raise it there.
    /// Part of a queue for as long as it exists. Default: 120.
    /// </summary>
    [Range(5, 10_080)]
    public int AcknowledgeMinutes { get; init; } = 120;

    /// <summary>Reads <c>amqp[s]://user:password@host:port/virtual-host</c>; what is left out has its default.</summary>
    /// <exception cref="ValidationException">It is none; the message does not quote it.</exception>
    public static RabbitMqOptions Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            throw new ValidationException(
                "The broker's address must have the form amqp[s]://user:password@host:port/virtual-host."
            );
        }

        RabbitMqOptions read = new()
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : null,
            UseTls = uri.Scheme == "amqps",
        };
        string path = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        string[] login = [.. uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
        return read with
        {
            VirtualHost = path.Length > 0 ? path : read.VirtualHost,
            User = login[0].Length > 0 ? login[0] : read.User,
            Password = login.Length > 1 ? login[1] : read.Password,
        };
    }

    public override string ToString() => $"RabbitMQ, {User}@{Host}, {VirtualHost}";
}
