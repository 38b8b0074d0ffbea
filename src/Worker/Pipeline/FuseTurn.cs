using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>One frame on its way through a lane; a chunk has a fixed number of these and uses them again.</summary>
internal sealed class FuseTurn
{
    public Frame Frame { get; set; } = null!;

    public FrameFaces Faces { get; set; } = null!;

    /// <summary>Receives the frame enlarged, where the chain has an upscaler; null: it has none.</summary>
    public Frame? Larger { get; set; }

    /// <summary>What goes to the encoder.</summary>
    public Frame Last => Larger ?? Frame;

    /// <summary>The face whose crop is in <see cref="Before"/>; null: none is kept of this frame.</summary>
    public TrackedFace? Sampled { get; set; }

    /// <summary>A crop of that face before it was changed.</summary>
    public byte[] Before { get; } = new byte[3 * CropGallery.Side * CropGallery.Side];

    /// <summary>CPU milliseconds that the processors took.</summary>
    public double FuseMilliseconds { get; set; }
}
