using System.Diagnostics;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>
/// How many runs of a network make one batch on a device: what the user says, else 1 on the CPU, which gains nothing, else the smallest
/// size that reaches nine tenths of the best rate, measured once and kept. No size is used with which a row's values depend on its
/// neighbours.
/// </summary>
internal static class BatchSize
{
    /// <summary>Most rows of a batch.</summary>
    public const int Most = 64;

    private const double Enough = 0.9;
    private const double Milliseconds = 150;
    private static readonly int[] Candidates = [1, 8, 32];

    /// <param name="session">The network.</param>
    /// <param name="id">Of its card.</param>
    /// <param name="model">Its file.</param>
    /// <param name="wanted">Null: what is best.</param>
    /// <param name="deviceName">Distinguishes devices and drivers for what is kept.</param>
    /// <param name="options">Has the folder for what is kept.</param>
    /// <returns>The size, and why it is not the wanted size where it is not.</returns>
    public static (int Size, string? Note) Choose(
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
            return (1, null);
        }

        if (!IsOpen(session))
        {
            return (1, wanted is null ? null : "its batch is fixed");
        }

        int size = wanted ?? Best(session, id, model, deviceName, options);
        return size == 1 || IsProven(session, id, size)
            ? (size, null)
            : (1, $"batches of {size} are not used: its values depend on the neighbours in a batch");
    }

    /// <summary>Any number of rows goes in, and nothing else of the inputs is open.</summary>
    internal static bool IsOpen(InferenceSession session) =>
        session.InputMetadata.Values.All(m => m.Dimensions is [<= 0, ..] && m.Dimensions.Skip(1).All(d => d > 0))
        && session.OutputMetadata.Values.All(m => m.Dimensions is [<= 0, ..]);

    /// <summary>
    /// A row gives the same bits whatever its neighbours are. Every second row is changed, then the others, so that each place has stayed as
    /// it was among other neighbours once. Runs the batch three times, which warms it up.
    /// </summary>
    internal static bool IsProven(DeviceSession session, string id, int size)
    {
        try
        {
            using BoundSession batch = new(session, id, size);
            Random random = new(1);
            float[][] inputs = [.. session.InputNames.Select(batch.InputOf)];
            Array.ForEach(inputs, values => Noise(random, values.Length).CopyTo(values, 0));
            if (Enumerable.Range(0, batch.OutputCount).Any(o => batch.OutputShape(o)[0] != size))
            {
                return false;
            }

            float[][] first = Outputs(batch);
            for (int parity = 0; parity < 2; parity++)
            {
                foreach (float[] values in inputs)
                {
                    for (int row = 1 - parity; row < size; row += 2)
                    {
                        float[] other = Noise(random, values.Length / size);
                        other.CopyTo(Row(values, row, size));
                    }
                }

                float[][] changed = Outputs(batch);
                for (int output = 0; output < first.Length; output++)
                {
                    for (int row = parity; row < size; row += 2)
                    {
                        if (!Row(first[output], row, size).SequenceEqual(Row(changed[output], row, size)))
                        {
                            return false;
                        }
                    }
                }

                first = changed;
            }

            return true;
        }
        catch (ModelException e) when (e.Code is "model-shape" or "model-contract" or "model-run")
        {
            // Some exports call their batch open though a node within has it fixed; or the batch does not fit the memory.
            return false;
        }
    }

    private static float[][] Outputs(BoundSession batch)
    {
        batch.Run();
        return [.. Enumerable.Range(0, batch.OutputCount).Select(o => (float[])batch.OutputAt(o).Clone())];
    }

    private static Span<float> Row(float[] values, int row, int rows) =>
        values.AsSpan(row * (values.Length / rows), values.Length / rows);

    private static float[] Noise(Random random, int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextSingle();
        }

        return values;
    }

    private static int Best(
        DeviceSession session,
        string id,
        ReadOnlySpan<byte> model,
        string deviceName,
        ProviderOptions options
    )
    {
        BatchRecords kept = new(Path.Combine(options.CacheFolder, "batches.json"));
        string key = $"{Convert.ToHexStringLower(SHA256.HashData(model))[..16]} {deviceName}";
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
