namespace FaceFusion.Batch.Imaging.Drawing;

/// <summary>Where shapes put their pixels: <see cref="FrameCanvas"/> or <see cref="RgbCanvas"/>.</summary>
internal interface ICanvas
{
    int Width { get; }
    int Height { get; }

    /// <summary>Sets one pixel inside the picture.</summary>
    void Set(int x, int y);
}
