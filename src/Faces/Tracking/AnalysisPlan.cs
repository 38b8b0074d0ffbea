using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Which frames a chunk's analysis reads and how far it may look. Everything temporal stays inside <see cref="Window"/> and is keyed by
/// absolute frame number, so that a frame's faces do not depend on how the video was cut into chunks.
/// </summary>
public sealed record AnalysisPlan
{
    /// <summary>The frames whose faces are wanted.</summary>
    public required FrameRange Chunk { get; init; }

    /// <summary>The frames to push, in order: the chunk and its margin, from detector frame to detector frame.</summary>
    public required FrameRange DecodeRange { get; init; }

    public required int FrameCount { get; init; }

    public required FrameFormat Format { get; init; }

    public required AnalysisSettings Settings { get; init; }

    public required TrackingSettings Tracking { get; init; }

    /// <summary>Frames between two sightings of a face that are covered at the interpolated place; 0: none.</summary>
    public required int CoverGaps { get; init; }

    /// <summary>Frames before and after a frame that its faces depend on.</summary>
    public required int Window { get; init; }

    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>Most frames that the analysis holds before it gives the first one back.</summary>
    public int Lookahead => Math.Min(Window + (2 * Tracking.DetectEvery) + 1, DecodeRange.Length);

    /// <param name="chunk">The frames whose faces are wanted.</param>
    /// <param name="rotation">Degrees that a player turns the frames clockwise.</param>
    public static AnalysisPlan For(
        Recipe recipe,
        FrameRange chunk,
        int frameCount,
        FrameFormat format,
        int rotation,
        IReadOnlyList<Person> people
    )
    {
        var settings = AnalysisSettings.Of(recipe, rotation);
        // Where nothing is looked for, frames wait for none after them.
        TrackingSettings tracking = settings.Faces ? recipe.Tracking : recipe.Tracking with { DetectEvery = 1 };
        int gaps = recipe.Processors.OfType<RedactStep>().Select(step => step.CoverGaps).DefaultIfEmpty(0).Max();

        // One more than each reach: whether a face is new in a frame is seen in the frame before.
        int window = settings.Faces ? 1 : 0;
        if (settings.Landmarks)
        {
            window = Math.Max(Math.Max(tracking.SmoothRadius, tracking.ColorRadius), tracking.EmbedEvery) + 1;
        }

        if (gaps > 0)
        {
            window = Math.Max(window, gaps + 1);
        }

        FrameRange reach = chunk.Widen(window, frameCount);
        return new AnalysisPlan
        {
            Chunk = chunk,
            DecodeRange = new FrameRange(
                reach.Start - (reach.Start % tracking.DetectEvery),
                Math.Min(frameCount, RoundUp(reach.End - 1, tracking.DetectEvery) + 1)
            ),
            FrameCount = frameCount,
            Format = format,
            Settings = settings,
            Tracking = tracking,
            CoverGaps = gaps,
            Window = window,
            People = people,
        };
    }

    /// <summary>The detector runs here whatever the neighbours show.</summary>
    public bool IsDetectorFrame(int number) => number % Tracking.DetectEvery == 0 || number == FrameCount - 1;

    /// <summary>Identities are embedded here whatever the neighbours show.</summary>
    public bool IsEmbedFrame(int number) => Settings.Landmarks && number % Tracking.EmbedEvery == 0;

    /// <summary>The mesh of every face is wanted here; elsewhere only that of faces that are embedded.</summary>
    public bool IsMeshFrame(int number) =>
        Settings.Landmarks
        && Chunk.Widen(Math.Max(Tracking.SmoothRadius, Tracking.ColorRadius), FrameCount).Contains(number);

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;
}
