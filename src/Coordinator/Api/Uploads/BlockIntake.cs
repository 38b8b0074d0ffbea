using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Uploading;
using FaceFusion.Batch.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FaceFusion.Batch.Coordinator.Api.Uploads;

/// <summary>Takes blocks where the store is this machine's folder. A block is there whole or not at all; the first one stays.</summary>
internal sealed class BlockIntake(IBlobStore store) : IDisposable
{
    /// <summary>Each holds one block in memory.</summary>
    private readonly SemaphoreSlim _places = new(16);

    public void Dispose() => _places.Dispose();

    /// <exception cref="ProblemException">There is no such block, its length is another, or its digest differs.</exception>
    public async Task TakeAsync(HttpContext http, UploadRow upload, int block)
    {
        int length = (int)UploadBook.LengthOf(upload, block);
        CheckRange(http, upload, block, length);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // One more, so that a block too long is answered as such.
            limit.MaxRequestBodySize = length + 1;
        }

        if (http.Request.ContentLength is { } said && said != length)
        {
            throw WrongLength(length);
        }

        await _places.WaitAsync(http.RequestAborted);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length + 1);
        try
        {
            Memory<byte> whole = buffer.AsMemory(0, length + 1);
            int read = await http.Request.Body.ReadAtLeastAsync(whole, length + 1, false, http.RequestAborted);
            if (read != length)
            {
                throw WrongLength(length);
            }

            CheckDigest(http.Request.Headers["Content-Digest"], buffer.AsSpan(0, length));
            using MemoryStream content = new(buffer, 0, length, writable: false);
            _ = await store.PutAsync(BlobNames.UploadBlock(upload.Id, block), content, http.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = _places.Release();
        }
    }

    private static ProblemException WrongLength(int length) =>
        new(ProblemKind.InvalidRequest, $"This block has {length} bytes: send exactly those.");

    /// <summary>A client that says where the bytes belong must mean the same place.</summary>
    private static void CheckRange(HttpContext http, UploadRow upload, int block, int length)
    {
        string range = http.Request.Headers.ContentRange.ToString();
        long first = (long)block * upload.BlockBytes;
        string expected = string.Create(
            CultureInfo.InvariantCulture,
            $"bytes {first}-{first + length - 1}/{upload.Bytes}"
        );
        if (range.Length > 0 && range != expected)
        {
            throw new ProblemException(ProblemKind.InvalidRequest, $"Content-Range of this block is {expected}.");
        }
    }

    /// <summary>RFC 9530; other algorithms than SHA-256 are passed over.</summary>
    private static void CheckDigest(string? header, ReadOnlySpan<byte> content)
    {
        if (
            header is not null
            && header.StartsWith("sha-256=:", StringComparison.Ordinal)
            && header[9..].TrimEnd(':') != Convert.ToBase64String(SHA256.HashData(content))
        )
        {
            throw new ProblemException(
                ProblemKind.InvalidRequest,
                "Content-Digest is not that of the bytes: send them again."
            );
        }
    }
}
