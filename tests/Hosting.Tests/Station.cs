using System.Collections.Concurrent;
using FaceFusion.Batch.Hosting.Metrics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Hosting.Tests;

/// <summary>Work for one of the stations.</summary>
public sealed record Order(int Number);

/// <summary>Word for all of them.</summary>
public sealed record Called(int Number);

/// <summary>A process on the bus, with a queue of work that it shares with the others and a queue of broadcasts of its own.</summary>
internal sealed class Station(IHost host) : IAsyncDisposable
{
    public Heard Heard { get; } = host.Services.GetRequiredService<Heard>();

    public BusMeter Meter { get; } = host.Services.GetRequiredService<BusMeter>();

    public IBus Bus { get; } = host.Services.GetRequiredService<IBus>();

    public static Task<Station> OpenAsync(BusOptions options, string name, Func<Order, Task>? work = null)
    {
        // The bus keeps its logger in the caller's execution context, where a second station would find it.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => StartAsync(options, name, work ?? (_ => Task.CompletedTask)));
        }
    }

    private static async Task<Station> StartAsync(BusOptions options, string name, Func<Order, Task> work)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        _ = builder
            .Services.AddSingleton<Heard>()
            .AddSingleton(work)
            .AddSingleton<ILoggerProvider>(p => new HeardLines(p.GetRequiredService<Heard>()))
            .AddBus(
                options,
                bus => bus.AddConsumer<OrderConsumer, OrderConsumerDefinition>(),
                bus => bus.AddBroadcastConsumer<CalledConsumer>(name)
            );
        _ = builder.Logging.SetMinimumLevel(LogLevel.Trace);
        IHost host = builder.Build();
        await host.StartAsync();
        return new Station(host);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(30));
        await host.StopAsync(over.Token);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed class OrderConsumerDefinition : ConsumerDefinition<OrderConsumer>
    {
        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator,
            IConsumerConfigurator<OrderConsumer> consumerConfigurator,
            IRegistrationContext context
        ) => endpointConfigurator.PrefetchCount = 1;
    }
}

/// <summary>What a station has taken, and what it has logged.</summary>
internal sealed class Heard
{
    private readonly ConcurrentQueue<object> _messages = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    public void Add(object message) => _messages.Enqueue(message);

    public IReadOnlyList<T> All<T>() => [.. _messages.OfType<T>()];

    public Task WaitAsync<T>(int count) =>
        Patience.UntilAsync(() => Task.FromResult(All<T>().Count >= count), $"{count} {typeof(T).Name}");
}

internal sealed class OrderConsumer(Heard heard, Func<Order, Task> work) : IConsumer<Order>
{
    public Task Consume(ConsumeContext<Order> context)
    {
        heard.Add(context.Message);
        return work(context.Message);
    }
}

internal sealed class CalledConsumer(Heard heard) : IConsumer<Called>
{
    public Task Consume(ConsumeContext<Called> context)
    {
        heard.Add(context.Message);
        return Task.CompletedTask;
    }
}

internal sealed class HeardLines(Heard heard) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => heard.Lines.Enqueue(formatter(state, exception) + exception);
}

internal static class Patience
{
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            Assert.False(over.IsCancellationRequested, $"Waited for {what}.");
            await Task.Delay(20);
        }
    }
}
