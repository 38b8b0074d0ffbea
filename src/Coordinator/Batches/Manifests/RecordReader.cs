namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>
/// Cuts a manifest into rows, whatever its lines end with (LF, CR LF, CR, or each in turn). Holds one row at a time, and no more of that
/// than a row may have. Empty lines are no rows.
/// </summary>
/// <param name="content">Read from where it stands.</param>
public sealed class RecordReader(Stream content)
{
    /// <summary>Bytes.</summary>
    public const int Longest = 32 << 10;

    private enum Place
    {
        CellStart,
        Cell,
        Quoted,
        QuoteInQuoted,
    }

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly byte[] _record = new byte[Longest];
    private int _at;
    private int _end;
    private int _line = 1;
    private bool _wasReturn;

    /// <summary>A break between quotes is part of a cell. Set it before the first row is read, and not again.</summary>
    public bool IsCsv { get; set; }

    /// <summary>What comes next, without taking it; empty at the end. As much as there is, at least one byte.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(CancellationToken stop)
    {
        if (_at == _end)
        {
            _at = 0;
            _end = await content.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, stop);
        }

        return _buffer.AsMemory(_at, _end - _at);
    }

    public void Skip(int bytes) => _at += bytes;

    /// <summary>Null: there is none any more.</summary>
    public async Task<ManifestRecord?> ReadAsync(CancellationToken stop)
    {
        Place place = Place.CellStart;
        int length = 0;
        int first = _line;
        bool isWhole = true;
        while (true)
        {
            if ((await PeekAsync(stop)).Length == 0)
            {
                return length == 0 && isWhole ? null : new ManifestRecord(first, _record.AsMemory(0, length), isWhole);
            }

            byte next = _buffer[_at++];
            bool isBreak = next is (byte)'\n' or (byte)'\r';
            bool isSecondHalf = next == '\n' && _wasReturn;
            _wasReturn = next == '\r';
            if (isBreak && !isSecondHalf)
            {
                _line++;
            }

            if (isBreak && place != Place.Quoted)
            {
                if (!isWhole || !IsBlank(_record.AsSpan(0, length)))
                {
                    return new ManifestRecord(first, _record.AsMemory(0, length), isWhole);
                }

                (place, length, first) = (Place.CellStart, 0, _line);
                continue;
            }

            if (length == Longest)
            {
                // A quote that is never closed must not take all rows behind it along.
                (isWhole, place) = (false, Place.Cell);
                continue;
            }

            _record[length++] = next;
            place = IsCsv && isWhole ? Move(place, next) : place;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> record) => record.IndexOfAnyExcept(" \t"u8) < 0;

    private static Place Move(Place place, byte next) =>
        (place, next) switch
        {
            (Place.Quoted, (byte)'"') => Place.QuoteInQuoted,
            (Place.Quoted, _) => Place.Quoted,
            (Place.CellStart, (byte)'"') => Place.Quoted,
            // Doubled, it is a quote of the text.
            (Place.QuoteInQuoted, (byte)'"') => Place.Quoted,
            (_, (byte)',') => Place.CellStart,
            _ => Place.Cell,
        };
}
