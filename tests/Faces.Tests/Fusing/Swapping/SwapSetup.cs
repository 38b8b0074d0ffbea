using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.TestNetworks;

namespace FaceFusion.Batch.Faces.Tests.Fusing.Swapping;

/// <summary>A generated swap network with a source, ready to fuse.</summary>
internal sealed class SwapSetup : IDisposable
{
    private readonly NetworkFolder _folder;
    private readonly ModelSessions _sessions;

    public SwapSetup(NetworkFolder folder, string id, IReadOnlyList<SourceFace> photos)
    {
        _folder = folder;
        _sessions = new ModelSessions(folder.ToCatalog());
        Network = new SwapNetwork(_sessions, _sessions.Catalog.Card(id));
        Embedder = new IdentityEmbedder(_sessions, _sessions.Catalog.Card(SwapCards.Recogniser.Id));
        Source = SwapSource.Build(photos, Embedder);
        Tensor = SourceTensor.Build(Network, Source);
    }

    public SwapSetup(string id, SwapLook look, IReadOnlyList<SourceFace> photos, bool openBatch = false)
        : this(SwapCards.Folder(id, look, openBatch), id, photos) { }

    public SwapNetwork Network { get; }

    public IdentityEmbedder Embedder { get; }

    public SwapSource Source { get; }

    public SourceTensor Tensor { get; }

    public NetworkFuser Fuser(NetworkSwapSettings? settings = null) =>
        new(Tensor, settings ?? new NetworkSwapSettings(), Embedder);

    public void Dispose()
    {
        Embedder.Dispose();
        _sessions.Dispose();
        _folder.Dispose();
    }

    /// <summary>A photo of coloured waves with a face's five points in it; <paramref name="seed"/> makes it another one.</summary>
    public static SourceFace Photo(int seed)
    {
        const int Width = 150,
            Height = 170;
        float[] rgb = new float[3 * Width * Height];
        for (int i = 0; i < rgb.Length; i++)
        {
            int plane = i / (Width * Height);
            int x = i % Width;
            int y = i / Width % Height;
            rgb[i] = 120 + (15 * plane) + (40 * seed) + (40 * MathF.Sin((x / (9f + plane)) + (y / 14f) + seed));
        }

        return new SourceFace
        {
            Identity = "person",
            Photo = $"photo {seed}",
            Width = Width,
            Height = Height,
            Rgb = rgb,
            Landmarks = Mesh([58, 70, 98, 74, 78, 92, 60, 112, 94, 115]),
            Embedding = new float[FrameAnalyser.EmbeddingLength],
            Yaw = 0,
            Pitch = 0,
        };
    }

    /// <summary>A face of which only the five points are known.</summary>
    public static TrackedFace Face(float[] points) => new() { Points = points };

    /// <summary>A mesh with these five points; all other vertices lie at 0.</summary>
    private static float[] Mesh(float[] points)
    {
        float[] mesh = new float[TrackedFace.LandmarkCount * 3];
        int[][] vertices =
        [
            [33, 133],
            [263, 362],
            [1],
            [61],
            [291],
        ];
        for (int i = 0; i < FaceTemplate.Points; i++)
        {
            foreach (int vertex in vertices[i])
            {
                mesh[3 * vertex] = points[2 * i];
                mesh[(3 * vertex) + 1] = points[(2 * i) + 1];
            }
        }

        return mesh;
    }
}
