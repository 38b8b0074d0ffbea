using System.Collections.Concurrent;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

/// <summary>The built-in networks as files, and inputs for any network.</summary>
internal static class ToolNetworks
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Load(TestModels.Folder);

    // Decoded once for all tests, and kept as long as they run.
    private static readonly ConcurrentDictionary<string, Lazy<Photo>> Photos = new();

    /// <summary>Ids of the built-in networks.</summary>
    public static TheoryData<string> BuiltIn => ["detector-full-range", "face-mesh-attention", "mobilefacenet"];

    public static byte[] File(string id) => Catalog.Read(Catalog.Card(id));

    public static ModelInput? Input(string id) => Catalog.Cards.FirstOrDefault(c => c.Id == id)?.Input;

    public static IReadOnlyList<IReadOnlyList<OnnxTensor>> Noise(byte[] file, int count = 2, string? id = null) =>
        new SampleInputs(file, id is null ? null : Input(id)).Noise(count, seed: 7);

    /// <summary>Portraits as the built-in network takes them.</summary>
    public static IReadOnlyList<IReadOnlyList<OnnxTensor>> Faces(string id, params string[] names)
    {
        SampleInputs inputs = new(File(id), Input(id));
        return [.. names.Select(name => inputs.Picture(Photos.GetOrAdd(name, Read).Value.Frame, seed: 7))];
    }

    private static Lazy<Photo> Read(string name) =>
        new(() => new StillReader(MediaTools.Locate()).Read(Footage.Path(name)));

    public static Comparison Compare(byte[] a, byte[] b, IReadOnlyList<IReadOnlyList<OnnxTensor>> samples) =>
        ModelComparer.Compare(a, b, new ComparedInputs("random", samples));

    public static OnnxGraph Graph(byte[] file) => OnnxReader.Read(file).Graph;

    public static int Count(byte[] file, string operation) => Graph(file).Nodes.Count(n => n.Operator == operation);
}
