using System.Buffers.Text;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The video packets of a container as ffprobe prints them.</summary>
internal sealed class PacketList
{
    /// <summary>What ffprobe is asked for.</summary>
    public const string Entries = "packet=pts,size,pos,flags";

    private readonly List<long> _shown = [];
    private readonly List<(long Pts, long Position, int Size)> _keys = [];
    private int _withoutPts;
    private bool _startsWithKey;

    /// <summary>All packets, hidden ones included.</summary>
    public int Count { get; private set; }

    public bool HasAllPts => _withoutPts == 0;

    /// <summary>Every packet has its own timestamp and the first can be decoded.</summary>
    public bool CanBeTrusted =>
        Count > 0 && HasAllPts && _startsWithKey && _shown.Count > 0 && _shown.Distinct().Count() == _shown.Count;

    /// <summary>
    /// Takes a line such as <c>1001,14336,48,K_</c>. <c>D</c> marks packets that are decoded but not shown (before an edit list's start).
    /// </summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        Span<Range> fields = stackalloc Range[4];
        int count = 0;
        foreach (Range field in line.Split((byte)','))
        {
            if (count == fields.Length)
            {
                break;
            }

            fields[count++] = field;
        }

        if (count < fields.Length)
        {
            return;
        }

        ReadOnlySpan<byte> flags = line[fields[3]];
        bool isKey = flags.IndexOf((byte)'K') >= 0;
        _startsWithKey |= Count == 0 && isKey;
        Count++;
        if (!TryParse(line[fields[0]], out long pts))
        {
            _withoutPts++;
            return;
        }

        if (flags.IndexOf((byte)'D') < 0)
        {
            _shown.Add(pts);
        }

        if (isKey)
        {
            bool hasPlace = TryParse(line[fields[2]], out long position);
            _ = TryParse(line[fields[1]], out long size);
            _keys.Add((pts, hasPlace ? position : 0, hasPlace ? (int)Math.Clamp(size, 0, int.MaxValue) : 0));
        }
    }

    /// <summary>Timestamps of the displayed frames, rising.</summary>
    public long[] Shown() => [.. _shown.Order()];

    /// <summary>Timestamps of the key packets, rising.</summary>
    public long[] Keys() => [.. _keys.Select(static key => key.Pts).Order().Distinct()];

    /// <summary>Timestamps of those key packets at which a decoder begins anew, rising; none where that cannot be told.</summary>
    /// <param name="path">The file that was listed.</param>
    public long[] CleanStarts(string path, VideoFormat format) =>
        DecoderRefreshes.AreTold(format)
            ? [.. DecoderRefreshes.Among(path, format.Codec, _keys).Order().Distinct()]
            : [];

    private static bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
}
