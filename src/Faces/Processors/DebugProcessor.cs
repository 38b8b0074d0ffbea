using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>Draws what the analysis found: boxes and key points, mesh, and a label with person, track, score and pose.</summary>
public sealed class DebugProcessor(DebugStep step) : IFrameProcessor
{
    private static readonly CanvasColor Mesh = new(200, 255, 220);
    private static readonly CanvasColor Iris = new(90, 200, 255);
    private const int FirstIris = 468;

    /// <inheritdoc/>
    public void Process(Frame frame, FrameFaces faces)
    {
        FrameCanvas canvas = new(frame);
        int scale = Math.Max(1, frame.Format.Height / 540);
        if (step.Labels)
        {
            Span<char> text = stackalloc char[32];
            text.TryWrite($"FRAME {faces.Number}  FACES {faces.Faces.Count}", out int length);
            DrawLabel(canvas, 4 * scale, 4 * scale, text[..length], CanvasColor.White, scale);
        }

        foreach (TrackedFace face in faces.Faces)
        {
            CanvasColor color = CanvasColor.Of(face.Person);
            if (step.Mesh && face.HasLandmarks)
            {
                DrawMesh(canvas, face, scale);
            }

            if (step.Boxes)
            {
                DrawBox(canvas, face, color, scale);
            }

            if (step.Labels)
            {
                DrawFaceLabel(canvas, face, color, scale);
            }
        }
    }

    private static void DrawMesh(FrameCanvas canvas, TrackedFace face, int scale)
    {
        // A dot for each point; on a small face single pixels, so that the face stays visible below.
        float radius = face.Box.Size > 300 ? scale : 0;
        for (int i = 0; i < TrackedFace.LandmarkCount; i++)
        {
            canvas.Dot(face.Landmarks[3 * i], face.Landmarks[(3 * i) + 1], radius, i < FirstIris ? Mesh : Iris);
        }
    }

    private static void DrawBox(FrameCanvas canvas, TrackedFace face, CanvasColor color, int scale)
    {
        FaceBox box = face.Box;
        if (!float.IsFinite(box.X + box.Y + box.Width + box.Height))
        {
            return;
        }

        // A box that was placed between two sightings is thin; one that was seen in this frame is thick, with its key points.
        int thickness = face.Interpolated ? scale : 2 * scale;
        canvas.Box((int)box.X, (int)box.Y, (int)box.Width, (int)box.Height, color, thickness);
        if (!face.Interpolated)
        {
            canvas.Dot(box.RightEye.X, box.RightEye.Y, 2 * scale, color);
            canvas.Dot(box.LeftEye.X, box.LeftEye.Y, 2 * scale, color);
            canvas.Dot(box.Nose.X, box.Nose.Y, 2 * scale, color);
            canvas.Dot(box.Mouth.X, box.Mouth.Y, 2 * scale, color);
        }
    }

    private static void DrawFaceLabel(FrameCanvas canvas, TrackedFace face, CanvasColor color, int scale)
    {
        FaceBox box = face.Box;
        if (!float.IsFinite(box.X + box.Y + box.Height))
        {
            return;
        }

        Span<char> text = stackalloc char[48];
        int line = (Font.Height + 4) * scale;
        int x = (int)box.X;
        int y = (int)(box.Y + box.Height) + scale;
        int percent = (int)MathF.Round(face.Score * 100);
        text.TryWrite($"P{face.Person} T{face.TrackId} {percent}%", out int length);
        DrawLabel(canvas, x, y, text[..length], color, scale);
        int yaw = (int)MathF.Round(face.Yaw);
        int pitch = (int)MathF.Round(face.Pitch);
        text.TryWrite($"Y{yaw} P{pitch}{(face.Interpolated ? " GAP" : "")}", out length);
        DrawLabel(canvas, x, y + line, text[..length], color, scale);
    }

    private static void DrawLabel(
        FrameCanvas canvas,
        int x,
        int y,
        ReadOnlySpan<char> text,
        CanvasColor color,
        int scale
    )
    {
        int width = ((text.Length * Font.Advance) + 1) * scale;
        canvas.Fill(x, y, width, (Font.Height + 2) * scale, CanvasColor.Black);
        canvas.Text(x + scale, y + scale, text, color, scale);
    }
}
