using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Devices;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>The catalogue's models in one process: each is loaded once, when it is first asked for, and shared by every thread.</summary>
public sealed class ModelSessions : IDisposable
{
    private readonly Dictionary<string, InferenceSession> _sessions = [];
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Lock _guard = new();

    /// <param name="catalog">The models.</param>
    /// <param name="device">Where they run; null: on the CPU.</param>
    public ModelSessions(ModelCatalog catalog, InferenceDevice? device = null)
    {
        Catalog = catalog;
        Device = device ?? InferenceDevice.OnCpu();
    }

    public ModelCatalog Catalog { get; }

    public InferenceDevice Device { get; }

    /// <summary>The model's session, loaded from the bytes whose hash was checked and which were judged.</summary>
    /// <exception cref="ModelException">The file is missing, changed, refused or not a model, or no device of the choice takes it.</exception>
    internal InferenceSession Open(ModelCard card)
    {
        lock (_guard)
        {
            if (!_sessions.TryGetValue(card.Id, out InferenceSession? session))
            {
                byte[] model = Catalog.Read(card, out string sha256);
                ModelAdmission.Judge(model, folder: null, card).Require(card.Id);
                session = Device.Load(card.Id, model, card.IsCpuOnly ? InferenceDevice.AlwaysOnCpu : null);
                _sessions[card.Id] = session;
                _hashes[card.Id] = sha256;
            }

            return session;
        }
    }

    /// <summary>SHA-256 of the file that the model was loaded from, which is loaded where it was not yet.</summary>
    /// <exception cref="ModelException">As of loading it.</exception>
    public string HashOf(string id)
    {
        ModelCard card = Catalog.Card(id);
        if (card.File is null)
        {
            return "";
        }

        _ = Open(card);
        lock (_guard)
        {
            return _hashes[id];
        }
    }

    public void Dispose()
    {
        foreach (InferenceSession session in _sessions.Values)
        {
            session.Dispose();
        }
    }
}
