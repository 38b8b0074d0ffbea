using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>One process of a fleet, from its start to the signal that ends it.</summary>
internal static class FleetHost
{
    /// <summary>Libraries are heard once the process is up; why it could not start is told in one sentence.</summary>
    private static volatile bool _isUp;

    private static void AddLogs(ILoggingBuilder logging, bool isJson, bool isVerbose)
    {
        _ = logging
            .SetMinimumLevel(isVerbose ? LogLevel.Debug : LogLevel.Information)
            .AddFilter("MassTransit", level => level >= LogLevel.Warning && (_isUp || isVerbose))
            .AddFilter("Microsoft", level => level >= LogLevel.Warning && (_isUp || isVerbose))
            // Whoever asked the database says what came of it.
            .AddFilter("Microsoft.EntityFrameworkCore", level => level >= LogLevel.Error && isVerbose);
        if (isJson)
        {
            _ = logging.Configure(log =>
                log.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
            );
        }

        _ = isJson
            ? logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "O";
            })
            : logging.AddSimpleConsole(console =>
            {
                console.IncludeScopes = true;
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
        _ = logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Starts the host, says so, and stops it at the first signal; a second one ends the process at once.</summary>
    /// <param name="host">Built; disposed here.</param>
    /// <param name="name">What the process is called in what it says.</param>
    /// <param name="terminal">For the two sentences.</param>
    /// <param name="interrupts">The signals.</param>
    /// <returns><see cref="ExitCode.Ok"/> after a signal: to be stopped is how such a process ends well.</returns>
    /// <exception cref="FusionException">It cannot start.</exception>
    public static async Task<ExitCode> RunAsync(IHost host, string name, Terminal terminal, Interrupts interrupts)
    {
        using LastResort last = new(() => terminal.Note($"{name} does not stop in good order; it ends now"));
        await using IAsyncDisposable disposed = (IAsyncDisposable)host;
        try
        {
            await host.StartAsync(interrupts.Stop);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new StorageException(
                "address-in-use",
                "Another process listens where the HTTP API is to be served: choose another --listen.",
                isTransient: true,
                e
            );
        }

        _isUp = true;
        terminal.Note($"{name} is ready");
        CancellationToken broken = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Stop, broken);
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (end.Token.Register(over.SetResult))
        {
            await over.Task;
        }

        bool isAsked = interrupts.Stop.IsCancellationRequested;
        ExitCode exit = isAsked ? ExitCode.Ok : ExitCode.Unexpected;
        // The host and the bus have limits of their own, by the drain; not all of their parts keep to them.
        last.Arm(
            host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout + LastResort.Grace,
            (int)exit
        );
        await host.StopAsync(CancellationToken.None);
        terminal.Note(isAsked ? $"{name} has stopped" : $"{name} has stopped by itself; its log says why");
        return exit;
    }

    /// <summary>Loads the worker's models and says where they run.</summary>
    /// <exception cref="FusionException">A model or the device is missing.</exception>
    public static void RequireModels(IHost host, Terminal terminal)
    {
        FaceModels models = host.Services.GetRequiredService<FaceModels>();
        terminal.Note($"models run on {models.Device.Plan}");
    }

    /// <param name="api">Null: no HTTP.</param>
    /// <param name="isJson">How log lines are written.</param>
    /// <param name="isVerbose">Whether libraries are heard from the start.</param>
    public static IHostApplicationBuilder Builder(ApiOptions? api, bool isJson, bool isVerbose)
    {
        IHostApplicationBuilder builder = api is null
            ? Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings())
            : CoordinatorApi.CreateBuilder(api);
        AddLogs(builder.Logging, isJson, isVerbose);
        _ = builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    public static IHost Build(IHostApplicationBuilder builder)
    {
        if (builder is WebApplicationBuilder web)
        {
            WebApplication app = web.Build();
            app.MapApi();
            return app;
        }

        return ((HostApplicationBuilder)builder).Build();
    }
}
