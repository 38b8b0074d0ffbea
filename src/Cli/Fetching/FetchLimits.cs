namespace FaceFusion.Batch.Cli.Fetching;

/// <summary>How much is put up with.</summary>
internal sealed record FetchLimits
{
    /// <summary>No runtime loads more: ONNX is a protocol buffer, which ends at 2 GiB.</summary>
    public long MostBytes { get; init; } = int.MaxValue;

    /// <summary>Tries of one address in a row that brought nothing.</summary>
    public int MostTries { get; init; } = 4;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection may bring nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    public int MostRedirects { get; init; } = 5;
}
