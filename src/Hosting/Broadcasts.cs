using MassTransit;

namespace FaceFusion.Batch.Hosting;

/// <summary>Messages that every process hears, whereas others go to one of those that take them.</summary>
public static class Broadcasts
{
    private const string Prefix = "broadcast-";

    /// <summary>Adds a consumer with a queue of this process's own, which goes with the process.</summary>
    /// <param name="bus">The bus in the making.</param>
    /// <param name="process">Unique among the processes on the bus.</param>
    public static void AddBroadcastConsumer<T>(this IBusRegistrationConfigurator bus, string process)
        where T : class, IConsumer =>
        bus.AddConsumer<T>()
            .Endpoint(endpoint =>
            {
                endpoint.Name =
                    $"{Prefix}{KebabCaseEndpointNameFormatter.Instance.SanitizeName(typeof(T).Name)}-{process}";
                endpoint.Temporary = true;
            });

    internal static bool IsQueue(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
