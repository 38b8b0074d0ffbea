namespace FaceFusion.Batch.Contracts.Api;

/// <summary>Ids as they travel: what it is, and 32 hexadecimal digits. Opaque to clients.</summary>
public static class ApiIds
{
    public const string Job = "job_";
    public const string Upload = "upl_";
    public const string Source = "src_";
    public const string Webhook = "whk_";
    public const string Delivery = "dlv_";
    public const string Batch = "bat_";

    public static string Write(string prefix, Guid id) => $"{prefix}{id:N}";

    /// <summary>False for anything that <see cref="Write"/> does not write.</summary>
    public static bool TryRead(string prefix, string? text, out Guid id)
    {
        id = default;
        return text is not null
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', 'f') < 0
            && Guid.TryParseExact(text.AsSpan(prefix.Length), "N", out id)
            && text == Write(prefix, id);
    }
}
