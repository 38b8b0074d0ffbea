using System.Diagnostics;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>
/// How many runs of a network make one batch on a device: what the user says, else 1 on the CPU, which gains nothing, else the smallest
/// size up to 16 that reaches 98 hundredths of the best rate, measured once and kept. A batch of 32 is a twentieth faster alone; in a job it
/// makes whoever comes late wait twice as long, and jobs were a quarter slower with it. No size is used with which a row's values depend on
/// its neighbours.
/// </summary>
internal static class BatchSize
{
    /// <summary>Most rows of a batch.</summary>
    public const int Most = 64;

    private const double Enough = 0.98;
    private const double Milliseconds = 150;
    private static readonly int[] Candidates = [1, 8, 16];

    /// <param name="session">The network.</param>
    /// <param name="id">Of its card.</param>
    /// <param name="model">Its file.</param>
    /// <param name="wanted">Null: what is best.</param>
    /// <param name="deviceName">Distinguishes devices and drivers for what is kept.</param>
    /// <param name="options">Has the folder for what is kept.</param>
    /// <returns>The size, the classes of its rows, and why it is not the wanted size where it is not.</returns>
    public static (int Size, int[]? Classes, string? Note) Choose(
        DeviceSession session,
        string id,
        ReadOnlySpan<byte> model,
        int? wanted,
        string deviceName,
        ProviderOptions options
    )
    {
        if ((wanted ?? (session.IsRemote ? Most : 1)) == 1)
        {
            return (1, null, null);
        }

        if (!IsOpen(session))
        {
            return (1, null, wanted is null ? null : "its batch is fixed");
        }

        int size = wanted ?? Best(session, id, model, deviceName, options);
        return size == 1 ? (1, null, null)
            : RowClasses.Find(session, id, size) is { } classes ? (size, classes, null)
            : (1, null, $"batches of {size} are not used: its values depend on the neighbours in a batch");
    }

    /// <summary>Any number of rows goes in, and nothing else of the inputs is open.</summary>
    internal static bool IsOpen(InferenceSession session) =>
        session.InputMetadata.Values.All(m => m.Dimensions is [<= 0, ..] && m.Dimensions.Skip(1).All(d => d > 0))
        && session.OutputMetadata.Values.All(m => m.Dimensions is [<= 0, ..]);

    private static int Best(
        DeviceSession session,
        string id,
        ReadOnlySpan<byte> model,
        string deviceName,
        ProviderOptions options
    )
    {
        BatchRecords kept = new(Path.Combine(options.CacheFolder, "batches.json"));
        string key =
            $"{Convert.ToHexStringLower(SHA256.HashData(model))[..16]} {deviceName} for {Enough:0.00} of {string.Join('/', Candidates)}";
        if (kept.Find(key) is { } known)
        {
            return known;
        }

        List<(int Size, double Rate)> rates = [];
        foreach (int size in Candidates)
        {
            try
            {
                rates.Add((size, Rate(session, id, size)));
            }
            catch (ModelException) when (size > 1)
            {
                // Too large for the memory, or fixed within: what is smaller is what there is.
                break;
            }
        }

        double enough = Enough * rates.Max(r => r.Rate);
        int best = rates.First(r => r.Rate >= enough).Size;
        kept.Add(key, best);
        return best;
    }

    /// <summary>Rows a second.</summary>
    private static double Rate(DeviceSession session, string id, int size)
    {
        using BoundSession batch = new(session, id, size);
        batch.Run();
        batch.Run();
        int runs = 0;
        long start = Stopwatch.GetTimestamp();
        while (runs < 3 || Stopwatch.GetElapsedTime(start).TotalMilliseconds < Milliseconds)
        {
            batch.Run();
            runs++;
        }

        return runs * size / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
