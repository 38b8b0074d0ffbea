using System.ComponentModel.DataAnnotations;
using FaceFusion.Batch.Worker.Consumers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FaceFusion.Batch.Worker;

/// <summary>Puts a Worker into a process.</summary>
public static class WorkerSetup
{
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus, WorkerOptions options)
    {
        _ = bus.AddConsumer<FuseChunkConsumer, FuseChunkConsumerDefinition>();
        _ = bus.AddConsumer<ScanVideoConsumer, ScanVideoConsumerDefinition>();
        bus.AddConsumer<StopConsumer>()
            .Endpoint(endpoint =>
            {
                endpoint.InstanceId = options.WorkerId;
                endpoint.Temporary = true;
            });
    }

    /// <summary>Everything but the work itself.</summary>
    internal static IServiceCollection AddAttempts(this IServiceCollection services, WorkerOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton<RunningAttempts>()
            .AddSingleton<AttemptRunner>()
            .AddSingleton<BlobTransfer>()
            .AddSingleton<AliveReporter>()
            .AddHostedService(p => p.GetRequiredService<AliveReporter>());
    }
}
