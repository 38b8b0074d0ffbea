namespace FaceFusion.Batch.Contracts.Values;

/// <summary>
/// A short-lived, single-purpose address of a blob that travels in a message: a <c>file:</c> URL on the embedded default,
/// an <c>https:</c> URL with a signature in a fleet. Printed without its query, so that no log holds a signature.
/// </summary>
public readonly record struct BlobUrl(string Value)
{
    public override string ToString() =>
        Value.IndexOf('?', StringComparison.Ordinal) is var q and >= 0 ? Value[..q] : Value;
}
