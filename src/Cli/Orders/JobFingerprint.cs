using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>The id of a job from everything that decides its result, so that the same command finds its unfinished work again.</summary>
internal static class JobFingerprint
{
    /// <param name="kind">What the job is for.</param>
    /// <param name="targetSha256">Of the target's bytes.</param>
    /// <param name="photos">Identity name and SHA-256 of each photo.</param>
    /// <param name="recipe">What to do.</param>
    /// <param name="chunkFrames">Chunk length asked for, or null.</param>
    /// <param name="versions">Of the code, the models and the tools that shape frames and segments.</param>
    /// <returns>A version 8 UUID (RFC 9562): the start of a SHA-256.</returns>
    public static Guid Of(
        string kind,
        string targetSha256,
        IEnumerable<(string Name, string Sha256)> photos,
        Recipe recipe,
        int? chunkFrames,
        params ReadOnlySpan<string> versions
    )
    {
        StringBuilder text = new();
        _ = text.Append(kind).Append('\n').Append(targetSha256).Append('\n').Append(chunkFrames).Append('\n');
        foreach ((string name, string sha256) in photos)
        {
            _ = text.Append(name).Append('=').Append(sha256).Append('\n');
        }

        _ = text.AppendJoin('\n', versions).Append('\n').Append(RecipeJson.Write(recipe));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
