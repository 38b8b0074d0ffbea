using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Sources;

/// <summary>
/// The faces of source photos, found once and kept while a worker fuses chunk after chunk of the same job: keyed by the photos' hashes,
/// so other bytes are another identity. Holds few identities; a job rarely has more.
/// </summary>
public sealed class SourceCache(FaceModels models, MediaTools tools)
{
    private const int Capacity = 8;
    private readonly Lock _gate = new();
    private readonly List<Identity> _recent = [];

    /// <summary>The face of each photo of the identity, in order.</summary>
    /// <exception cref="InvalidRecipeException">A photo shows no face, or more than one, or is not a photo.</exception>
    public IReadOnlyList<SourceFace> Read(SourcePhotos photos) => Find(photos).Faces;

    /// <summary>Unit-length mean of the photos' embeddings: what the result is compared with.</summary>
    public float[] Embedding(SourcePhotos photos) => Find(photos).Embedding;

    /// <summary>What a classifier takes the identity's first photo for.</summary>
    /// <param name="classifier">Id of its card.</param>
    /// <exception cref="ModelException">The model is missing, changed, or not of its family.</exception>
    public FaceAttributes? Attributes(SourcePhotos photos, string classifier)
    {
        Identity identity = Find(photos);
        lock (_gate)
        {
            if (identity.Attributes is null)
            {
                using var analyser = new FrameAnalyser(models, classifier: classifier);
                using Photo photo = new StillReader(tools).Read(photos.Paths[0]);
                identity.Attributes = SourceFaces.Read(analyser, photo.Frame, photos.Name).Attributes;
            }

            return identity.Attributes;
        }
    }

    /// <summary>The identity as the mesh fuser wears it.</summary>
    public MeshSource Mesh(SourcePhotos photos, CanonicalMesh mesh)
    {
        Identity identity = Find(photos);
        lock (_gate)
        {
            return identity.Mesh ??= MeshSource.Build(mesh, identity.Faces);
        }
    }

    /// <summary>The identity as a swap network is told of it. Built once: it may take a look into a large model file.</summary>
    /// <exception cref="ModelException">A model that the network needs is missing or not as its card says.</exception>
    public SourceTensor Tensor(SourcePhotos photos, SwapNetwork network)
    {
        Identity identity = Find(photos);
        lock (_gate)
        {
            if (!identity.Tensors.TryGetValue(network.Card.Id, out SourceTensor? tensor))
            {
                using IdentityEmbedder? embedder = network.OpenEmbedder();
                tensor = SourceTensor.Build(network, SwapSource.Build(identity.Faces, embedder));
                identity.Tensors[network.Card.Id] = tensor;
            }

            return tensor;
        }
    }

    private Identity Find(SourcePhotos photos)
    {
        string key = $"{photos.Name}\n{string.Join('\n', photos.Sha256)}";
        lock (_gate)
        {
            int index = _recent.FindIndex(r => r.Key == key);
            Identity identity = index >= 0 ? _recent[index] : ReadPhotos(key, photos);
            if (index >= 0)
            {
                _recent.RemoveAt(index);
            }

            _recent.Add(identity);
            if (_recent.Count > Capacity)
            {
                _recent.RemoveAt(0);
            }

            return identity;
        }
    }

    private Identity ReadPhotos(string key, SourcePhotos photos)
    {
        using var analyser = new FrameAnalyser(models);
        List<SourceFace> faces = [];
        foreach (string path in photos.Paths)
        {
            using Photo photo = new StillReader(tools).Read(path);
            faces.Add(SourceFaces.Read(analyser, photo.Frame, photos.Name));
        }

        return new Identity(key, faces, Mean(faces));
    }

    private static float[] Mean(List<SourceFace> faces)
    {
        float[] mean = new float[faces[0].Embedding.Length];
        foreach (SourceFace face in faces)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += face.Embedding[i];
            }
        }

        float length = MathF.Sqrt(mean.Sum(v => v * v));
        return [.. mean.Select(v => v / length)];
    }

    private sealed class Identity(string key, IReadOnlyList<SourceFace> faces, float[] embedding)
    {
        public string Key { get; } = key;
        public IReadOnlyList<SourceFace> Faces { get; } = faces;
        public float[] Embedding { get; } = embedding;
        public MeshSource? Mesh { get; set; }
        public FaceAttributes? Attributes { get; set; }

        /// <summary>By the id of the network.</summary>
        public Dictionary<string, SourceTensor> Tensors { get; } = [];
    }
}
