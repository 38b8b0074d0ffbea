using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Redaction;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>
/// Makes every face of a frame unrecognisable, whoever it is and however it was found. Works on boxes alone. Only means over cells of the
/// face reach the result, so that no sharpening brings the face back.
/// </summary>
public sealed class RedactProcessor(RedactStep step) : IFrameProcessor
{
    /// <summary>Blocks along the longer side of a face box; recognition needs several times as many.</summary>
    private const float BlocksPerFace = 7;

    /// <summary>Cells of the blur along the longer side of a face box.</summary>
    private const float CellsPerFace = 8;

    private static readonly CanvasColor Grey = new(48, 48, 48);

    /// <inheritdoc/>
    public void Process(Frame frame, FrameFaces faces)
    {
        foreach (TrackedFace face in faces.Faces)
        {
            FaceBox box = face.Box;
            CoverRegion region = CoverRegion.Of(box.X, box.Y, box.Width, box.Height, (float)step.Grow, frame.Format);
            switch (step.Style)
            {
                case RedactStyle.Blur:
                    CellCover.Blur(frame, region, box.Size / CellsPerFace);
                    break;
                case RedactStyle.Pixelate:
                    CellCover.Pixelate(frame, region, box.Size / BlocksPerFace);
                    break;
                default:
                    SolidCover.Apply(frame, region, Grey);
                    break;
            }
        }
    }
}
