using System.IO.Hashing;
using System.Security.Cryptography;

namespace FaceFusion.Batch.Faces.Store;

/// <summary>What tells the bytes of a model from others.</summary>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Crc32">Of IEEE 802.3, eight lower-case hex digits: what FaceFusion's publishers give beside a file. No proof against an attacker.</param>
/// <param name="ByteCount">How many there are.</param>
public sealed record ModelDigest(string Sha256, string Crc32, long ByteCount)
{
    private const int BufferBytes = 1 << 20;

    public static ModelDigest Of(ReadOnlySpan<byte> bytes) =>
        new(
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Hex(System.IO.Hashing.Crc32.HashToUInt32(bytes)),
            bytes.Length
        );

    /// <summary>Of all that is left to read.</summary>
    public static async Task<ModelDigest> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Crc32 crc = new();
        byte[] buffer = new byte[BufferBytes];
        long count = 0;
        while (true)
        {
            int read = await content.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                string hash = Convert.ToHexStringLower(sha.GetHashAndReset());
                return new ModelDigest(hash, Hex(crc.GetCurrentHashAsUInt32()), count);
            }

            sha.AppendData(buffer, 0, read);
            crc.Append(buffer.AsSpan(0, read));
            count += read;
        }
    }

    private static string Hex(uint crc) => crc.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
