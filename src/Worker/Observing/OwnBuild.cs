using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Observing;

/// <summary>
/// What makes this worker's frames those of another, but for the models that recipes bring: code, built-in models, classes of their
/// devices. Unknown until the models are loaded.
/// </summary>
public sealed class OwnBuild
{
    private volatile string? _key;

    /// <summary>Null: no model was asked for yet.</summary>
    public string? Key => _key;

    public static string Of(FaceModels models) => PipelineKeys.Pipeline(models);

    public FaceModels Set(FaceModels models)
    {
        _key = Of(models);
        return models;
    }
}
