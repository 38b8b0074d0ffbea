using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Bodies;

/// <summary>How long a client lets an answer take: <c>Prefer: wait=N</c> (RFC 7240).</summary>
internal static class Waits
{
    private const string Applied = "Preference-Applied";

    /// <summary>For what takes moments.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    /// <summary>For what many clients may wait for at once.</summary>
    public static readonly TimeSpan Sparing = TimeSpan.FromMilliseconds(250);

    /// <summary>Seconds asked for, no more than allowed; null: nothing (or nonsense, which is no preference).</summary>
    public static int? Asked(HttpContext http, ApiOptions options)
    {
        foreach (string? header in http.Request.Headers["Prefer"])
        {
            foreach (string preference in (header ?? "").Split([',', ';'], StringSplitOptions.TrimEntries))
            {
                if (
                    preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                    && long.TryParse(
                        preference.AsSpan(5),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out long seconds
                    )
                )
                {
                    int granted = (int)Math.Min(seconds, options.MaxWaitSeconds);
                    http.Response.Headers[Applied] = $"wait={granted}";
                    return granted;
                }
            }
        }

        return null;
    }

    /// <summary>Takes back that the answer is held.</summary>
    public static void Ignore(HttpContext http) => http.Response.Headers.Remove(Applied);

    /// <summary>Looks until <paramref name="isOver"/> or the time is up.</summary>
    public static async Task UntilAsync(
        Func<CancellationToken, Task<bool>> isOver,
        TimeSpan atMost,
        TimeSpan lookEvery,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        long start = clock.GetTimestamp();
        while (!await isOver(cancellationToken) && clock.GetElapsedTime(start) < atMost)
        {
            await Task.Delay(lookEvery, clock, cancellationToken);
        }
    }
}
