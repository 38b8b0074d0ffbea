using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Hosting.Metrics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FaceFusion.Batch.Hosting;

/// <summary>The one place where the bus and its transport are chosen.</summary>
public static class BusSetup
{
    /// <summary>How long the host may take to stop beyond its bus, in seconds.</summary>
    public const double HostSeconds = 5;

    /// <summary>
    /// Adds the bus with the consumers that <paramref name="consumers"/> register, and a shutdown long enough for a drain.
    /// Usage telemetry of the messaging library is off, whatever the environment says.
    /// </summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public static IServiceCollection AddBus(
        this IServiceCollection services,
        BusOptions options,
        params ReadOnlySpan<Action<IBusRegistrationConfigurator>> consumers
    )
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        if (options.RabbitMq is { } broker)
        {
            Validator.ValidateObject(broker, new ValidationContext(broker), validateAllProperties: true);
        }

        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        Action<IBusRegistrationConfigurator>[] added = consumers.ToArray();
        if (options is { RabbitMq: { } watched, EndsUnheard: true })
        {
            services.TryAddSingleton(TimeProvider.System);
            _ = services.AddSingleton(watched).AddHostedService<BusWatch>();
        }

        services.TryAddSingleton<BusMeter>();
        _ = services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddReceiveObserver(provider => provider.GetRequiredService<BusMeter>());
            bus.SetKebabCaseEndpointNameFormatter();
            foreach (Action<IBusRegistrationConfigurator> add in added)
            {
                add(bus);
            }

            if (options.RabbitMq is { } broker)
            {
                RabbitMqTransport.Use(bus, broker);
            }
            else
            {
                UseMemory(bus);
            }
        });
        _ = services
            .AddOptions<MassTransitHostOptions>()
            .Configure(host =>
            {
                host.WaitUntilStarted = true;
                host.ConsumerStopTimeout = TimeSpan.FromSeconds(options.DrainSeconds);
                host.StopTimeout = TimeSpan.FromSeconds(options.DrainSeconds + options.StopSeconds);
            });
        // The host must not give up before the bus does.
        _ = services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + options.StopSeconds + HostSeconds)
        );
        return services;
    }

    private static void UseMemory(IBusRegistrationConfigurator bus) =>
        bus.UsingInMemory(
            (context, transport) =>
            {
                transport.UseConsumeFilter(typeof(MessageScopeFilter<>), context);
                transport.ConfigureEndpoints(context);
            }
        );
}
