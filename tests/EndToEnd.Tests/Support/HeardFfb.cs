using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>A run of <c>ffb</c> whose lines on stderr are heard as they come.</summary>
internal sealed class HeardFfb : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _hearing;
    private readonly Task<string> _output;

    public HeardFfb(params string[] arguments)
        : this(new Dictionary<string, string>(), arguments) { }

    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="arguments">The command line.</param>
    public HeardFfb(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        _process = Ffb.StartInterruptible(arguments, environment);
        _hearing = HearAsync();
        _output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public Task<string> Output => _output;

    public string[] Lines => [.. _lines];

    public bool HasEnded => _process.HasExited;

    /// <summary>Returns when a line matches; fails if it ends without.</summary>
    public async Task UntilAsync([StringSyntax("Regex")] string words)
    {
        bool IsSaid() => _lines.Any(line => Regex.IsMatch(line, words));
        await RunningFfb.WaitAsync(() => IsSaid() || _hearing.IsCompleted, Longest);
        Assert.True(IsSaid(), $"It never said '{words}' but: {string.Join('\n', _lines)}");
    }

    /// <param name="name">As <c>kill</c> knows it, such as <c>INT</c>.</param>
    public void Signal(string name) => _ = Clips.Ask("kill", $"-{name}", $"{_process.Id}");

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Longest);
        await _hearing;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task HearAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
        }
    }
}
