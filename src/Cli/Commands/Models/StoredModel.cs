using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Store;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>A model that came into the store.</summary>
internal sealed record StoredModel(string Id, ModelPin Pin)
{
    public string Line => $"{Id}  stored, {ByteProgress.Size(Pin.ByteCount)}, SHA-256 {Pin.Sha256}";

    /// <summary>Says so where nobody has published what the bytes should be.</summary>
    public void Tell(Terminal terminal)
    {
        if (!Pin.IsPublished)
        {
            terminal.Note(
                $"note: no SHA-256 of {Id} is published. These bytes are pinned ({Pin.Sha256[..12]}…); from now on others are refused."
            );
        }
    }
}
