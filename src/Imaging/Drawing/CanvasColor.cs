namespace FaceFusion.Batch.Imaging.Drawing;

/// <summary>A colour to draw with, full-range RGB.</summary>
public readonly record struct CanvasColor(byte R, byte G, byte B)
{
    public static CanvasColor Black { get; } = new(0, 0, 0);
    public static CanvasColor White { get; } = new(255, 255, 255);

    /// <summary>Easily told apart: number n gives one of eight strong colours, 0 is grey (nobody).</summary>
    public static CanvasColor Of(int number) =>
        number <= 0
            ? new(160, 160, 160)
            : ((number - 1) % 8) switch
            {
                0 => new(80, 220, 100),
                1 => new(255, 170, 40),
                2 => new(70, 170, 255),
                3 => new(255, 90, 140),
                4 => new(190, 120, 255),
                5 => new(250, 230, 70),
                6 => new(60, 220, 220),
                _ => new(255, 110, 60),
            };
}
