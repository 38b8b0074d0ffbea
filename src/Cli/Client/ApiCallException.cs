namespace FaceFusion.Batch.Cli.Client;

/// <summary>The fleet did not do what it was asked, or could not be asked.</summary>
/// <param name="exit">What that is to the shell.</param>
/// <param name="code">Stable, kebab-case: the end of the problem's address, or one of the client's own.</param>
/// <param name="message">One sentence or more that say what to do; printable.</param>
/// <param name="inner">What it came from.</param>
internal sealed class ApiCallException(ExitCode exit, string code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public ExitCode Exit { get; } = exit;

    public string Code { get; } = code;

    /// <summary>The same may go well later: nobody answered, or one who could not serve.</summary>
    public bool MayPass { get; init; }

    /// <summary>The request did not reach anybody, so that it is safe to send it again whatever it asks for.</summary>
    public bool IsUnsent { get; init; }

    /// <summary>How long the server wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
