using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// Which luma samples make one chroma sample along one axis: <c>step · c + {−1, 0, 1}</c> with these weights, which sum to 1 and are
/// centred on the chroma sample's siting.
/// </summary>
internal readonly record struct ChromaTaps(int Step, float Before, float At, float After)
{
    public static ChromaTaps Horizontal(FrameFormat format) =>
        format.Chroma == ChromaLayout.Yuv444 ? new(1, 0, 1, 0) : Half(coSited: format.Siting != ChromaSiting.Center);

    public static ChromaTaps Vertical(FrameFormat format) =>
        format.Chroma != ChromaLayout.Yuv420 ? new(1, 0, 1, 0) : Half(coSited: format.Siting == ChromaSiting.TopLeft);

    /// <summary>Weight of the luma sample that many (−1, 0, 1) behind the chroma sample's first.</summary>
    public float Weight(int offset) =>
        offset < 0 ? Before
        : offset > 0 ? After
        : At;

    /// <summary>Whether that luma sample is one that the chroma sample covers.</summary>
    public bool Covers(int offset) => offset >= 0 && offset < Step;

    private static ChromaTaps Half(bool coSited) => coSited ? new(2, 0.25f, 0.5f, 0.25f) : new(2, 0, 0.5f, 0.5f);
}
