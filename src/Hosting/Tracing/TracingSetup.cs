using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Hosting.Tracing;

/// <summary>Puts the sending of traces and metrics into a process.</summary>
public static class TracingSetup
{
    /// <summary>To be called before other services are added. Null: nothing is sent, and nothing of it loaded.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions? options) =>
        options is null ? services : Add(services, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IServiceCollection Add(IServiceCollection services, TelemetryOptions options) =>
        services.AddSingleton(options).AddHostedService<TelemetryExport>();
}
