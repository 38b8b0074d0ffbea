namespace FaceFusion.Batch.Contracts.Values;

/// <summary>A half-open range of absolute frame numbers, <c>[Start, End)</c>. Frame 0 is the target's first displayed frame.</summary>
public readonly record struct FrameRange(int Start, int End)
{
    public int Length => End - Start;

    public bool Contains(int frame) => frame >= Start && frame < End;

    public bool Contains(FrameRange other) => other.Start >= Start && other.End <= End;

    /// <summary>The range with <paramref name="margin"/> more frames on each side, cut to a video of <paramref name="frameCount"/> frames.</summary>
    public FrameRange Widen(int margin, int frameCount) =>
        new(Math.Max(0, Start - margin), Math.Min(frameCount, End + margin));

    public override string ToString() => $"[{Start}, {End})";
}
