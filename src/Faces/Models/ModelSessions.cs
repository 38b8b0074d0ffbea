using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>The catalogue's models in one process: each is loaded once, when it is first asked for, and shared by every thread.</summary>
public sealed class ModelSessions : IDisposable
{
    private readonly SessionOptions _options = InferenceRuntime.CpuOptions();
    private readonly Dictionary<string, InferenceSession> _sessions = [];
    private readonly Lock _guard = new();

    public ModelSessions(ModelCatalog catalog) => Catalog = catalog;

    public ModelCatalog Catalog { get; }

    /// <summary>The model's session, loaded from the bytes whose hash was checked and which were judged.</summary>
    /// <exception cref="ModelException">The file is missing, changed, refused or not a model.</exception>
    internal InferenceSession Open(ModelCard card)
    {
        lock (_guard)
        {
            if (!_sessions.TryGetValue(card.Id, out InferenceSession? session))
            {
                session = Load(card);
                _sessions[card.Id] = session;
            }

            return session;
        }
    }

    public void Dispose()
    {
        foreach (InferenceSession session in _sessions.Values)
        {
            session.Dispose();
        }

        _options.Dispose();
    }

    private InferenceSession Load(ModelCard card)
    {
        byte[] model = Catalog.Read(card);
        ModelAdmission.Judge(model, folder: null, card).Require(card.Id);
        try
        {
            return new InferenceSession(model, _options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                "model-load",
                $"The model {card.Id} cannot be loaded ({e.Message.ReplaceLineEndings(" ")}).",
                inner: e
            );
        }
    }
}
