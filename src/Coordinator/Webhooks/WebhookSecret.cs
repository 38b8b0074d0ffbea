using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>What signs deliveries, as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    /// <summary><c>whsec_</c> and 256 random bits in base64.</summary>
    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Every secret of the webhook that signs at that time, the newest first.</summary>
    public static IReadOnlyList<string> Signing(WebhookRow webhook, DateTimeOffset now) =>
        [webhook.Secret, .. webhook.Retired.Where(r => r.Until > now).Select(r => r.Secret)];

    /// <summary>Value of the header field <c>webhook-signature</c>: a signature of each secret, with spaces between.</summary>
    /// <param name="secrets">Each <c>whsec_…</c>.</param>
    /// <param name="id">Value of <c>webhook-id</c>.</param>
    /// <param name="at">Its Unix seconds are the value of <c>webhook-timestamp</c>.</param>
    /// <param name="body">As it is sent.</param>
    public static string Sign(IReadOnlyList<string> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")
        );
        byte[] signed = [.. head, .. body];
        return string.Join(
            ' ',
            secrets.Select(secret =>
                $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}"
            )
        );
    }
}
