using System.Diagnostics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Benching;

/// <summary>How fast a swap network runs by itself: one thread, inputs in ordinary memory, nothing else on the device.</summary>
public static class NetworkSpeed
{
    private const int SourceLength = SwapperNetworks.SourceLength;

    /// <summary>Crops a second.</summary>
    /// <param name="sessions">Has the network.</param>
    /// <param name="id">Of its card.</param>
    /// <param name="batch">Crops at a time; the network must take as many.</param>
    /// <param name="milliseconds">How long it runs, at least three times.</param>
    /// <exception cref="ModelException">It is missing, or does not take such a batch.</exception>
    public static double Swapper(ModelSessions sessions, string id, int batch, int milliseconds)
    {
        SwapNetwork network = new(sessions, sessions.Catalog.Card(id));
        using BoundSession bound = network.Bind(batch, SourceLength);
        Random random = new(1);
        foreach (string input in (string[])[SwapNetwork.SourceName, SwapNetwork.TargetName])
        {
            foreach (ref float value in bound.InputOf(input).AsSpan())
            {
                value = random.NextSingle();
            }
        }

        bound.Run();
        bound.Run();
        int runs = 0;
        long start = Stopwatch.GetTimestamp();
        while (runs < 3 || Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            bound.Run();
            runs++;
        }

        return runs * batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
