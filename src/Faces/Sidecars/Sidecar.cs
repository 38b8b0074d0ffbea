using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Tracking;

namespace FaceFusion.Batch.Faces.Sidecars;

/// <summary>The faces of a chunk, read back: exactly the values that were found then.</summary>
public sealed class Sidecar
{
    private readonly SidecarFrame[] _frames;

    internal Sidecar(string key, FrameRange range, int width, int height, SidecarFrame[] frames)
    {
        Key = key;
        Range = range;
        Width = width;
        Height = height;
        _frames = frames;
    }

    /// <summary><see cref="AnalysisSettings.Key"/> of the analysis that wrote it.</summary>
    public string Key { get; }

    public FrameRange Range { get; }

    /// <summary>Frame size in pixels.</summary>
    public int Width { get; }

    public int Height { get; }

    /// <exception cref="StorageException"><c>sidecar-damaged</c>: the file is not a sidecar; analysing without it helps.</exception>
    public static Sidecar Read(string path) => SidecarReader.Read(path);

    /// <summary>Those that the plan can use: one that cannot be read, or was made otherwise, costs an analysis and nothing else.</summary>
    /// <param name="modelKeys">By model, as of <see cref="Models.FaceModels.KeysFor"/>.</param>
    public static IReadOnlyList<Sidecar> ReadFitting(
        IEnumerable<string> paths,
        AnalysisPlan plan,
        IReadOnlyDictionary<string, string> modelKeys
    )
    {
        string key = plan.Settings.Key(modelKeys);
        List<Sidecar> fitting = [];
        foreach (string path in paths)
        {
            try
            {
                Sidecar sidecar = Read(path);
                if (sidecar.Fits(plan, key))
                {
                    fitting.Add(sidecar);
                }
            }
            catch (StorageException)
            {
                continue;
            }
        }

        return fitting;
    }

    /// <summary>True if its faces are the ones that an analysis with this key would find in frames of this size.</summary>
    public bool Fits(AnalysisPlan plan, string key) =>
        Key == key && Width == plan.Format.Width && Height == plan.Format.Height;

    /// <summary>Fills the frame's sightings if this sidecar covers it.</summary>
    internal bool TryRestore(FrameSightings into, SightingWindow window)
    {
        if (!Range.Contains(into.Number))
        {
            return false;
        }

        SidecarFrame frame = _frames[into.Number - Range.Start];
        into.IsCut = frame.IsCut;
        foreach (SidecarFace face in frame.Faces)
        {
            Sighting sighting = window.Rent();
            face.CopyTo(sighting);
            into.Faces.Add(sighting);
        }

        return true;
    }
}
