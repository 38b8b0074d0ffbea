namespace FaceFusion.Batch.Media.Tools;

/// <summary>Receives one line without its line end. The bytes are valid during the call only.</summary>
public delegate void LineSink(ReadOnlySpan<byte> line);

/// <summary>Cuts a byte stream into lines without making strings. A line longer than the buffer is cut off, not split.</summary>
internal sealed class LineSplitter(LineSink sink)
{
    private readonly byte[] _line = new byte[4096];
    private int _length;

    public void Push(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
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
