using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>A models folder of generated networks: each is written beside the others, with its real hash in its card.</summary>
public sealed class NetworkFolder : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly List<ModelCard> _cards = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("ffb-networks-").FullName;

    /// <summary>Writes the file, and remembers the card with the file's name and hash.</summary>
    public ModelCard Add(ModelCard card, byte[] model)
    {
        string file = $"{card.Id}.onnx";
        File.WriteAllBytes(System.IO.Path.Combine(Path, file), model);
        ModelCard written = card with
        {
            File = file,
            ByteCount = model.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        };
        _cards.Add(written);
        return written;
    }

    /// <summary>The built-in models of another folder, which come first as they do there.</summary>
    public void AddBuiltIn(string modelsFolder)
    {
        int at = 0;
        foreach (ModelCard card in ModelCatalog.Load(modelsFolder).Cards.Where(card => card.IsBuiltIn))
        {
            _cards.Insert(at++, card);
            if (card.File is not null)
            {
                File.Copy(System.IO.Path.Combine(modelsFolder, card.File), System.IO.Path.Combine(Path, card.File));
            }
        }
    }

    /// <summary>Changes a card that was added.</summary>
    public void Change(string id, Func<ModelCard, ModelCard> change)
    {
        int at = _cards.FindIndex(card => card.Id == id);
        _cards[at] = change(_cards[at]);
    }

    /// <summary>Writes the catalogue as well, for programs that read the folder.</summary>
    public void WriteCatalog()
    {
        using FileStream catalog = File.Create(System.IO.Path.Combine(Path, "catalog.json"));
        JsonSerializer.Serialize(catalog, new { Models = _cards }, Json);
    }

    public ModelCatalog ToCatalog() => new(Path, [.. _cards]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
