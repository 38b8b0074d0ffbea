using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>A network that finds the 68 points of a face in its <see cref="LandmarkCrop"/>. One per thread.</summary>
internal abstract class LandmarkNetwork : IDisposable
{
    /// <summary>Networks count in cells of a heat map of 64x64.</summary>
    protected const int Cells = 64;
    protected const float CellSize = (float)LandmarkCrop.Size / Cells;

    private readonly float[] _input;

    /// <exception cref="ModelException">The model cannot be loaded, or is not of the family (<c>model-shape</c>).</exception>
    protected LandmarkNetwork(ModelSessions models, ModelCard card)
    {
        Id = card.Id;
        Session = new BoundSession(models.Open(card), card.Id);
        _input = Session.InputOf(card.Input?.Name ?? "input");
        ThrowIfNot(_input.Length == 3 * LandmarkCrop.Size * LandmarkCrop.Size, "an input of 1x3x256x256");
    }

    protected string Id { get; }

    protected BoundSession Session { get; }

    /// <exception cref="ModelException">The model cannot be loaded, or is of no family of landmark networks (<c>model-family</c>).</exception>
    public static LandmarkNetwork Open(ModelSessions models, ModelCard card) =>
        card.Family switch
        {
            "fan" => new FanLandmarks(models, card),
            "peppa-wutz" => new PeppaLandmarks(models, card),
            _ => throw new ModelException(
                "model-family",
                $"The model {card.Id} is of the family {card.Family} and no landmark network that FaceFusion's chain knows; use many, 2dfan4 or peppa_wutz."
            ),
        };

    /// <summary>Writes the points in pixels of the crop and returns their score, 0 to 1.</summary>
    /// <param name="crop">As it was filled last.</param>
    /// <param name="xy">Receives x, y of the 68 points.</param>
    public float Find(LandmarkCrop crop, Span<float> xy)
    {
        ReadOnlySpan<byte> bgr = crop.Bgr;
        for (int i = 0; i < _input.Length; i++)
        {
            _input[i] = bgr[i] * (1f / 255);
        }

        Session.Run();
        Session.RequireFinite();
        return Decode(xy);
    }

    public void Dispose() => Session.Dispose();

    protected abstract float Decode(Span<float> xy);

    protected void ThrowIfNot(bool holds, string what)
    {
        if (!holds)
        {
            throw new ModelException(
                "model-shape",
                $"The landmark network {Id} has not {what}; the file is not of the family that the catalogue names."
            );
        }
    }

    /// <summary>A score of which <paramref name="best"/> is as good as any.</summary>
    protected static float Scale(float score, float best) => Math.Clamp(score / best, 0, 1);
}
