using FaceFusion.Batch.Coordinator;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>
/// Writes every log line to standard error, where the tests look for secrets; and the line that says a chunk is accepted is the
/// point right after its commit.
/// </summary>
internal sealed class PointLog(FaultSwitch faults) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            Console.Error.WriteLine(
                $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {formatter(state, exception)} {exception}"
            );
            if (eventId.Id == EventIds.ChunkAccepted)
            {
                faults.Pass("after-commit");
            }
        }
    }
}
