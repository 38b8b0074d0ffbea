using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// What this process has on a card: the one context that the inference runtime uses, too, so that kernels of both run side by side instead
/// of taking turns. Kept as long as the process.
/// </summary>
internal sealed class CardContext
{
    private static readonly ConcurrentDictionary<int, Lazy<CardContext>> Contexts = new();
    private readonly nint _handle;

    private CardContext(int device)
    {
        Check(CudaApi.Start(0), "cuInit");
        Check(CudaApi.GetDevice(out int number, device), "cuDeviceGet");
        Check(CudaApi.RetainContext(out _handle, number), "cuDevicePrimaryCtxRetain");
    }

    /// <param name="device">Number of the GPU, as CUDA counts.</param>
    /// <exception cref="MediaToolException"><c>decode-failed</c>: there is no such card.</exception>
    /// <exception cref="DllNotFoundException">There is no driver.</exception>
    public static CardContext Of(int device)
    {
        return Contexts.GetOrAdd(device, static device => new(() => new CardContext(device))).Value;
    }

    /// <summary>What this thread calls from now on happens here.</summary>
    public void Enter() => Check(CudaApi.UseContext(_handle), "cuCtxSetCurrent");

    /// <exception cref="MediaToolException"><c>decode-failed</c>: the call did not go well.</exception>
    public static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw Failed($"{call} says {result}");
        }
    }

    /// <summary>The error for a target, not a card, that is to blame.</summary>
    public static InvalidVideoException Unfit(string why) =>
        new("video-frames-differ", $"The graphics card cannot decode the target: {why}.");

    /// <summary>The error for a card, or its driver.</summary>
    public static MediaToolException Failed(string why, Exception? inner = null) =>
        new("decode-failed", $"The graphics card could not decode the target: {why}.", isTransient: true, inner);
}
