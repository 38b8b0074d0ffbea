namespace FaceFusion.Batch.Faces.Admission;

/// <summary>Bounds of what is loaded.</summary>
internal static class AdmissionLimits
{
    /// <summary>The runtime promises to read files from here on (onnxruntime.ai/docs/reference/compatibility).</summary>
    public const long OldestOpset = 7;

    /// <summary>Below it, tools convert less exactly, and quantising by channel is not possible.</summary>
    public const long RecommendedOpset = 13;

    /// <summary>A little above what was published when this was written: later numbers are made up, or not known to the runtime.</summary>
    public const long NewestOpset = 26;

    public const long OldestIrVersion = 3;

    public const long NewestIrVersion = 13;

    /// <summary>
    /// Values that live at the same time. The largest network of the catalogue by this measure makes 4096 × 4096 pixels of 64 channels, 4 GiB
    /// for one value; no worker has several times that to give to one frame.
    /// </summary>
    public const long WorkingBytes = 32L << 30;
}
