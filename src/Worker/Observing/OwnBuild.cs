using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Observing;

/// <summary>
/// What makes this worker's segments those of another, but for the models that recipes bring: code, built-in models, classes of their
/// devices, a card's encoder. Unknown until the models are loaded.
/// </summary>
public sealed class OwnBuild
{
    private volatile string? _key;

    /// <summary>Null: no model was asked for yet.</summary>
    public string? Key => _key;

    public static string Of(FaceModels models, MediaTools tools) => PipelineKeys.Pipeline(models, tools);

    public FaceModels Set(FaceModels models, MediaTools tools)
    {
        _key = Of(models, tools);
        return models;
    }
}
