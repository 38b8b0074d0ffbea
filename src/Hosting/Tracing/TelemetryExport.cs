using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FaceFusion.Batch.Hosting.Tracing;

/// <summary>
/// Sends the process's traces and metrics to a collector, in the background. One that does not answer costs what was to be sent, and
/// nothing waits for it but the process's end, a little.
/// </summary>
/// <remarks>Add it before all other services: the last one to be stopped hears the others out.</remarks>
public sealed class TelemetryExport(TelemetryOptions options) : IHostedService, IDisposable
{
    /// <summary>Every source and meter of the product: <c>FaceFusion.Batch</c> itself and those below it.</summary>
    private const string OwnMeters = "FaceFusion.Batch.*";

    private const int FlushMilliseconds = 3_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder
            .CreateEmpty()
            .AddService(
                options.Service,
                serviceNamespace: "ffb",
                autoGenerateServiceInstanceId: false,
                serviceInstanceId: options.Instance
            );
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new RootSampler()))
            .AddSource(FleetTrace.SourceName, OwnMeters, "MassTransit", "Microsoft.AspNetCore")
            .AddOtlpExporter(exporter => SendTo(exporter, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(OwnMeters)
            .AddOtlpExporter(exporter => SendTo(exporter, "v1/metrics"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                _ = _traces?.ForceFlush(FlushMilliseconds);
                _ = _metrics?.ForceFlush(FlushMilliseconds);
            },
            cancellationToken
        );

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void SendTo(OtlpExporterOptions exporter, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(options.Collector, signal);
        exporter.TimeoutMilliseconds = FlushMilliseconds;
    }
}
