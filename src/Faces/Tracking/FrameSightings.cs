using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Scenes;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>One frame inside the window, with what was found in it. Reused for another frame when the window has moved on.</summary>
internal sealed class FrameSightings
{
    public int Number { get; set; } = -1;

    /// <summary>Null once the frame was given back.</summary>
    public Frame? Frame { get; set; }

    public byte[] Thumbnail { get; } = new byte[LumaThumbnail.Length];

    /// <summary>A scene cut lies between the frame before and this one.</summary>
    public bool IsCut { get; set; }

    /// <summary>The boxes are final.</summary>
    public bool Placed { get; set; }

    /// <summary>Everything came from a sidecar: nothing of this frame is to be analysed.</summary>
    public bool Known { get; set; }

    /// <summary>From left to right.</summary>
    public List<Sighting> Faces { get; } = new(16);
}
