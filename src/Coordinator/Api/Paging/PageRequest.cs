using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Paging;

/// <summary>Where a page begins: behind the row with this number and id.</summary>
internal readonly record struct PageStart(long Number, Guid Id);

/// <summary>
/// One page of a list. Its token is opaque to clients: it holds where the page begins, and a signature over that, the list with
/// its filter and order, and the key that asks.
/// </summary>
internal sealed class PageRequest
{
    private const int Default = 50;
    private const int Most = 500;
    private const int StartBytes = 24;
    private const int SignatureBytes = 16;

    private readonly HttpRequest _request;
    private readonly byte[] _seal;

    /// <param name="http">The request.</param>
    /// <param name="usual">Rows where it does not say how many.</param>
    /// <param name="most">Rows where it asks for more.</param>
    /// <exception cref="ProblemException">The size is none, or the token is not of this list.</exception>
    public PageRequest(HttpContext http, int usual = Default, int most = Most)
    {
        _request = http.Request;
        _seal = http.Caller().Seal;
        string size = _request.Query["pageSize"].ToString();
        int asked = usual;
        if (
            size.Length > 0
            && (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out asked) || asked < 1)
        )
        {
            throw Fields.Wrong("pageSize", $"It must be a number from 1 to {most}.");
        }

        Size = Math.Min(asked, most);
        string token = _request.Query["pageToken"].ToString();
        Start = token.Length == 0 ? null : Read(token);
    }

    /// <summary>Rows on the page, at most.</summary>
    public int Size { get; }

    /// <summary>Null: the first page.</summary>
    public PageStart? Start { get; }

    /// <summary>Cuts one row too many off, which told that there is another page, and writes that page's token.</summary>
    /// <param name="http">For the header field Link.</param>
    /// <param name="rows">Up to <see cref="Size"/> + 1.</param>
    /// <param name="startOf">Where a page behind this row begins.</param>
    public (IReadOnlyList<T> Page, string? Next) Cut<T>(
        HttpContext http,
        IReadOnlyList<T> rows,
        Func<T, PageStart> startOf
    )
    {
        if (rows.Count <= Size)
        {
            return (rows, null);
        }

        IReadOnlyList<T> page = [.. rows.Take(Size)];
        string next = Write(startOf(page[^1]));
        QueryString query = QueryString.Create(
            _request.Query.Where(q => q.Key != "pageToken").Append(new("pageToken", next))
        );
        http.Response.Headers.Link = $"<{_request.Path}{query}>; rel=\"next\"";
        return (page, next);
    }

    private string Write(PageStart start)
    {
        byte[] bytes = new byte[StartBytes + SignatureBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, start.Number);
        _ = start.Id.TryWriteBytes(bytes.AsSpan(8));
        Sign(bytes.AsSpan(0, StartBytes)).CopyTo(bytes.AsSpan(StartBytes));
        return Base64Url.EncodeToString(bytes);
    }

    private PageStart Read(string token)
    {
        byte[] bytes = new byte[StartBytes + SignatureBytes];
        bool fits =
            Base64Url.IsValid(token, out int length)
            && length == bytes.Length
            && Base64Url.TryDecodeFromChars(token, bytes, out _)
            && CryptographicOperations.FixedTimeEquals(Sign(bytes.AsSpan(0, StartBytes)), bytes.AsSpan(StartBytes));
        return fits
            ? new PageStart(BinaryPrimitives.ReadInt64LittleEndian(bytes), new Guid(bytes.AsSpan(8, 16)))
            : throw Fields.Wrong("pageToken", "It is not of this list, filter, order and key: begin without one.");
    }

    private ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> start)
    {
        string list = $"{_request.Path}\n{_request.Query["filter"]}\n{_request.Query["orderBy"]}\n";
        byte[] signed = [.. Encoding.UTF8.GetBytes(list), .. start];
        return HMACSHA256.HashData(_seal, signed).AsSpan(0, SignatureBytes);
    }
}
