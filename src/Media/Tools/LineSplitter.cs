namespace FaceFusion.Batch.Media.Tools;

/// <summary>Receives one line without its line end. The bytes are valid during the call only.</summary>
public delegate void LineSink(ReadOnlySpan<byte> line);

/// <summary>Cuts a byte stream into lines without making strings. A line longer than the limit is cut off, not split.</summary>
/// <param name="longest">Bytes of a line that are kept; room is made as lines need it.</param>
internal sealed class LineSplitter(LineSink sink, int longest = LineSplitter.Usual)
{
    private const int Usual = 4096;

    private byte[] _line = new byte[Usual];
    private int _length;

    public void Push(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
            if (_length + part.Length > _line.Length && _line.Length < longest)
            {
                Array.Resize(ref _line, Math.Min(longest, 2 * (_length + part.Length)));
            }

            int room = Math.Min(part.Length, _line.Length - _length);
            part[..room].CopyTo(_line.AsSpan(_length));
            _length += room;
            if (end < 0)
            {
                return;
            }

            Flush();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Hands over what came after the last line end.</summary>
    public void Flush()
    {
        if (_length > 0)
        {
            int length = _length;
            _length = 0;
            sink(_line.AsSpan(0, length));
        }
    }
}
