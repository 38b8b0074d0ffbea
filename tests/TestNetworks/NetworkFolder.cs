using System.Security.Cryptography;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>A models folder of generated networks: each is written beside the others, with its real hash in its card.</summary>
public sealed class NetworkFolder : IDisposable
{
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

    public ModelCatalog ToCatalog() => new(Path, [.. _cards]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
