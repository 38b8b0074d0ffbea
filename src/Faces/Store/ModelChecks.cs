using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>Whether bytes are those of a model card.</summary>
internal static class ModelChecks
{
    private const int Shown = 12;

    /// <exception cref="ModelException"><c>model-hash</c>: they are not.</exception>
    public static void Require(ModelCard card, ModelPin? pin, ModelDigest found)
    {
        if (card.ByteCount is { } count && count != found.ByteCount)
        {
            throw Other(card, $"they are {found.ByteCount} bytes and not {count}");
        }

        if (card.Sha256 is { } sha && sha != found.Sha256)
        {
            throw Other(card, $"their SHA-256 is {Short(found.Sha256)}… and the catalogue expects {Short(sha)}…");
        }

        if (card.Crc32 is { } crc && crc != found.Crc32)
        {
            throw Other(card, $"their CRC-32 is {found.Crc32} and the catalogue expects {crc}");
        }

        if (card.Sha256 is null && pin is not null && pin.Sha256 != found.Sha256)
        {
            throw new ModelException(
                "model-hash",
                $"The bytes given for {card.Id} have SHA-256 {Short(found.Sha256)}… but {Short(pin.Sha256)}… came first (from {pin.From}) and is pinned: "
                    + $"find out which is right; `ffb models remove {card.Id} --forget-pin` allows others."
            );
        }
    }

    private static string Short(string hash) => hash[..Math.Min(Shown, hash.Length)];

    private static ModelException Other(ModelCard card, string why) =>
        new(
            "model-hash",
            $"The bytes given for {card.Id} are not its: {why}. They are damaged or another file; fetch it again."
        );
}
