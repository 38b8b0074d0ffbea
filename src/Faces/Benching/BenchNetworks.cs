using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Benching;

/// <summary>Which networks a benchmark runs.</summary>
public enum BenchNetworkKind
{
    /// <summary>They answer at once: the pipeline alone.</summary>
    Free,

    /// <summary>The built-in pack and the mesh fuser.</summary>
    BuiltIn,

    /// <summary>The built-in pack, and a swapper of the published inswapper's shape and cost, of single precision.</summary>
    Inswapper,

    /// <summary>The same of half precision.</summary>
    InswapperHalf,
}

/// <summary>
/// Makes the models folder of a benchmark. Its networks find one constant face in every picture, whatever is in it, so that no footage is
/// needed and every frame costs the same; those that are measured do all of their work for it.
/// </summary>
public static class BenchNetworks
{
    /// <summary>The card of the swapper.</summary>
    public const string SwapperId = "bench-swapper";

    private const string RecogniserId = "bench-recogniser";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="kind">What they cost.</param>
    /// <param name="modelsFolder">Has the built-in pack.</param>
    /// <param name="folder">Receives the catalogue and its files.</param>
    /// <param name="isPinned">They find the constant face; false: what is there, for footage.</param>
    /// <exception cref="ModelException">The built-in pack is missing or changed.</exception>
    public static void Write(BenchNetworkKind kind, string modelsFolder, string folder, bool isPinned = true)
    {
        ModelCatalog pack = ModelCatalog.Load(modelsFolder);
        ConstantFace face = new(CanonicalMesh.Parse(pack.Read(pack.Find("geometry"))));
        List<ModelCard> cards = [];
        foreach (string role in (string[])["detector", "landmarks", "embedding"])
        {
            ModelCard card = pack.Find(role);
            byte[] model = pack.Read(card);
            byte[] changed =
                !isPinned ? model
                : kind == BenchNetworkKind.Free ? ConstantNetworks.Free(model, face, card.Id)
                : ConstantNetworks.Pinned(model, face);
            cards.Add(Add(card, changed, folder));
        }

        ModelCard geometry = pack.Find("geometry");
        cards.Add(Add(geometry, pack.Read(geometry), folder));
        cards.AddRange(pack.Cards.Where(card => card.IsBuiltIn && card.File is null));
        if (kind != BenchNetworkKind.BuiltIn)
        {
            cards.Add(Add(Swapper(), SwapperOf(kind), folder));
            cards.Add(Add(Recogniser(), SwapperNetworks.Recogniser(), folder));
        }

        using FileStream catalog = File.Create(Path.Combine(folder, "catalog.json"));
        JsonSerializer.Serialize(catalog, new { Models = cards }, Json);
    }

    private static byte[] SwapperOf(BenchNetworkKind kind) =>
        kind == BenchNetworkKind.Free
            ? SwapperNetworks.Free()
            : SwapperNetworks.Full(half: kind == BenchNetworkKind.InswapperHalf);

    private static ModelCard Add(ModelCard card, byte[] model, string folder)
    {
        string file = card.File ?? $"{card.Id}.onnx";
        File.WriteAllBytes(Path.Combine(folder, file), model);
        return card with
        {
            File = file,
            ByteCount = model.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        };
    }

    private static ModelCard Swapper() =>
        new()
        {
            Id = SwapperId,
            Role = "fuser",
            Family = "inswapper",
            Licence = "CC0-1.0",
            LicenceClass = "permissive",
            Provenance = "Random numbers.",
            Needs = [RecogniserId],
            Template = "arcface_128",
            Source = "projected",
            Input = new ModelInput
            {
                Name = "target",
                Width = SwapperNetworks.Size,
                Height = SwapperNetworks.Size,
                Std = new PerChannel(255),
            },
            Output = new ModelOutput { Std = new PerChannel(255) },
        };

    private static ModelCard Recogniser() =>
        new()
        {
            Id = RecogniserId,
            Role = "embedding",
            Family = "arcface",
            Licence = "CC0-1.0",
            LicenceClass = "permissive",
            Provenance = "Means of cells.",
            Template = "arcface_112_v2",
            Input = new ModelInput
            {
                Width = 112,
                Height = 112,
                Mean = new PerChannel(127.5f),
                Std = new PerChannel(127.5f),
            },
        };
}
