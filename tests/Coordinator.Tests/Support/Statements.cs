using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Listens for the statements that go to the database.</summary>
internal sealed class Statements : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _heard = new();

    public ILogger CreateLogger(string categoryName) => this;

    /// <summary>What was heard since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        List<string> taken = [];
        while (_heard.TryDequeue(out string? statement))
        {
            taken.Add(statement);
        }

        return taken;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        // Executed, not merely prepared.
        if (eventId.Id == 20101)
        {
            _heard.Enqueue(formatter(state, exception));
        }
    }

    public void Dispose() { }
}
