using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;

namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>Reads the rows of a manifest, in lines of JSON or in CSV: which of them is seen from its first character.</summary>
internal static class ManifestReader
{
    public const int MostRows = 100_000;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>One row after the other; of the manifest only the row's own bytes, and of the rows before only their ids, are held.</summary>
    /// <exception cref="ManifestException">There are too many rows, or none, or it is neither of the two.</exception>
    public static async IAsyncEnumerable<ManifestRow> ReadAsync(
        Stream content,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        RecordReader records = new(content);
        records.IsCsv = await IsCsvAsync(records, stop);
        CsvRows? csv = null;
        HashSet<string> ids = new(StringComparer.Ordinal);
        int rows = 0;
        while (await records.ReadAsync(stop) is { } record)
        {
            if (records.IsCsv && csv is null)
            {
                csv = new CsvRows(TextOf(record) ?? "", record.Line);
                continue;
            }

            if (++rows > MostRows)
            {
                throw Useless(record.Line, RowFaults.TooMany, $"A batch has at most {MostRows} rows: split it.");
            }

            ManifestRow row = Understand(record, csv);
            bool isRepeated = row.Key is not null && !ids.Add(row.Key);
            yield return isRepeated
                ? row with
                {
                    Faults =
                    [
                        .. row.Faults,
                        new RowFault("/id", RowFaults.IdRepeated, "A row before it has the same id."),
                    ],
                }
                : row;
        }

        if (rows == 0)
        {
            throw Useless(1, RowFaults.Empty, "The manifest has no rows.");
        }
    }

    private static async Task<bool> IsCsvAsync(RecordReader records, CancellationToken stop)
    {
        if ((await records.PeekAsync(stop)).Span.StartsWith("\uFEFF"u8))
        {
            records.Skip(3);
        }

        ReadOnlyMemory<byte> start = await records.PeekAsync(stop);
        if (start.Span.StartsWith((byte[])[0xFF, 0xFE]) || start.Span.StartsWith((byte[])[0xFE, 0xFF]))
        {
            throw Useless(1, RowFaults.Encoding, "The manifest is in UTF-16: save it in UTF-8.");
        }

        int first = start.Span.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0
            && start.Span[first] switch
            {
                (byte)'[' => throw Useless(
                    1,
                    RowFaults.Malformed,
                    "Put each row into a line of its own, without [ and ]."
                ),
                (byte)'{' => false,
                _ => true,
            };
    }

    private static ManifestRow Understand(ManifestRecord record, CsvRows? csv)
    {
        if (!record.IsWhole)
        {
            return Wrong(
                record.Line,
                new RowFault("", RowFaults.TooLong, $"A row has at most {RecordReader.Longest} bytes.")
            );
        }

        if (csv is not null)
        {
            return TextOf(record) is { } text ? csv.Read(text, record.Line) : Wrong(record.Line, NotUtf8);
        }

        BatchJob? job = StrictJson.Parse<BatchJob>(record.Bytes.Span, out FieldError? wrong);
        return job is not null
            ? new ManifestRow(record.Line, job.Id, job, [])
            : new ManifestRow(
                record.Line,
                IdOf(record.Bytes),
                null,
                [new RowFault(wrong!.Pointer, RowFaults.Malformed, wrong.Detail)]
            );
    }

    private static RowFault NotUtf8 { get; } = new("", RowFaults.Encoding, "It is not in UTF-8.");

    private static ManifestRow Wrong(int line, RowFault fault) => new(line, null, null, [fault]);

    private static string? TextOf(ManifestRecord record)
    {
        try
        {
            return Utf8.GetString(record.Bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whose error it is, where the row is JSON at all.</summary>
    private static string? IdOf(ReadOnlyMemory<byte> row)
    {
        try
        {
            using var document = JsonDocument.Parse(row, new JsonDocumentOptions { MaxDepth = 32 });
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("id", out JsonElement id)
                && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ManifestException Useless(int line, string code, string detail) =>
        new(line, new RowFault("", code, detail));
}
