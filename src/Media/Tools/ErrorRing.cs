using System.Text;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>The last warnings and errors that a child wrote, in memory of fixed size.</summary>
internal sealed class ErrorRing
{
    private const int Lines = 50;
    private const int LineBytes = 400;
    private readonly byte[] _bytes = new byte[Lines * LineBytes];
    private readonly int[] _lengths = new int[Lines];
    private readonly Lock _gate = new();
    private long _count;

    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            int slot = (int)(_count++ % Lines);
            int length = Math.Min(line.Length, LineBytes);
            line[..length].CopyTo(_bytes.AsSpan(slot * LineBytes));
            _lengths[slot] = length;
        }
    }

    /// <summary>Kept lines, oldest first.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            StringBuilder text = new();
            for (long i = Math.Max(0, _count - Lines); i < _count; i++)
            {
                int slot = (int)(i % Lines);
                text.Append(System.Text.Encoding.UTF8.GetString(_bytes, slot * LineBytes, _lengths[slot])).Append('\n');
            }

            return text.ToString();
        }
    }
}
