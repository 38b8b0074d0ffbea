using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>One detector of FaceFusion's families. One per thread: it owns the buffers that the shared session runs on.</summary>
internal abstract class FamilyDetector : IDisposable
{
    /// <summary>Cells of the three grids on the canvas lie so many pixels apart.</summary>
    protected static ReadOnlySpan<int> Strides => [8, 16, 32];

    private readonly BoundSession _session;
    private readonly PictureInput _picture;
    private readonly float[] _input;

    /// <param name="size">Edge of the canvas in pixels.</param>
    /// <exception cref="ModelException">The model cannot be loaded, or is not of the family (<c>model-shape</c>).</exception>
    protected FamilyDetector(ModelSessions models, ModelCard card, int size)
    {
        ModelInput input =
            card.Input
            ?? throw new ModelException(
                "model-catalog",
                $"The model card {card.Id} does not tell the detector's input."
            );
        InferenceSession session = models.Open(card);
        long[] shape = [1, 3, size, size];
        ThrowIfOtherInput(session, card.Id, input.Name, shape);
        Size = size;
        _picture = new PictureInput(input);
        _session = new BoundSession(session, card.Id, 1, new Dictionary<string, long[]> { [input.Name] = shape });
        _input = _session.InputOf(input.Name);
    }

    /// <summary>Edge of the canvas in pixels.</summary>
    protected int Size { get; }

    /// <exception cref="InvalidRecipeException"><c>recipe-value</c>: the family takes no canvas of this size.</exception>
    /// <exception cref="ModelException">The model cannot be loaded, or is of no family of detectors (<c>model-family</c>).</exception>
    public static FamilyDetector Open(ModelSessions models, ModelCard card, int size)
    {
        bool isAnySize = card.Family is "retinaface" or "scrfd";
        if (!isAnySize && size != 640)
        {
            throw new InvalidRecipeException(
                "recipe-value",
                $"The detector {card.Id} looks at frames of 640 pixels only; set detectorSize to 640 or choose retinaface or scrfd."
            );
        }

        return card.Family switch
        {
            "retinaface" or "scrfd" => new AnchorDetector(models, card, size),
            "yolo-face" => new YoloFaceDetector(models, card, size),
            "yunet" => new YunetDetector(models, card, size),
            _ => throw new ModelException(
                "model-family",
                $"The model {card.Id} is of the family {card.Family} and no detector that FaceFusion's chain knows; use {FaceFinding.Many}, retinaface, scrfd, yolo_face or yunet."
            ),
        };
    }

    /// <summary>Adds what the detector sees in one view of the frame, in frame pixels.</summary>
    /// <param name="minScore">Faces below are left out.</param>
    public void Detect(Frame frame, in DetectorView view, float minScore, List<FaceCandidate> into)
    {
        _picture.Fill(frame, view.CanvasToFrame, Size, Size, _input);
        _session.Run();
        _session.RequireFinite();
        int first = into.Count;
        Decode(minScore, into);
        foreach (ref FaceCandidate candidate in CollectionsMarshal.AsSpan(into)[first..])
        {
            view.ToFrame(ref candidate);
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Adds the candidates of the last run, in pixels of the canvas.</summary>
    protected abstract void Decode(float minScore, List<FaceCandidate> into);

    /// <summary>The output at this place of the model's list.</summary>
    /// <exception cref="ModelException"><c>model-shape</c>: it has another length.</exception>
    protected float[] Output(int index, int length)
    {
        float[] output = _session.OutputAt(index);
        return output.Length == length
            ? output
            : throw new ModelException(
                "model-shape",
                $"Output number {index + 1} of the detector has {output.Length} values where its family has {length}; the file is not of the family that the catalogue names."
            );
    }

    private static void ThrowIfOtherInput(InferenceSession session, string id, string name, long[] shape)
    {
        int[] told = session.InputMetadata.TryGetValue(name, out NodeMetadata? metadata) ? metadata.Dimensions : [];
        bool fits = told.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = told[i] <= 0 || told[i] == shape[i];
        }

        if (!fits)
        {
            throw new ModelException(
                "model-shape",
                $"The detector {id} does not take an input {name} of 1x3x{shape[2]}x{shape[3]}; choose another detectorSize, or restore the file."
            );
        }
    }
}
