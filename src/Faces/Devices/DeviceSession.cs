using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>A session that knows whether its memory is this process's own.</summary>
internal sealed class DeviceSession(byte[] model, SessionOptions options, bool isRemote)
    : InferenceSession(model, options)
{
    /// <summary>
    /// The device has memory of its own: what is bound as an input is copied there when it is bound, and not again when the network runs.
    /// </summary>
    public bool IsRemote { get; } = isRemote;
}
