namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>How often each frame's neighbours are looked at. All positions are absolute frame numbers, so chunking does not matter.</summary>
public sealed record TrackingSettings
{
    /// <summary>The detector runs at multiples of this frame number; crops between are placed by interpolation. 1 to 12.</summary>
    public int DetectEvery { get; init; } = 4;

    /// <summary>Identities are embedded at multiples of this frame number. 1 to 48.</summary>
    public int EmbedEvery { get; init; } = 12;

    /// <summary>Half width of the landmark smoothing window in frames; 0 switches smoothing off.</summary>
    public int SmoothRadius { get; init; } = 3;

    /// <summary>Half width of the window over which colour statistics are averaged, in frames.</summary>
    public int ColorRadius { get; init; } = 4;
}
