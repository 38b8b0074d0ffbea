using System.Buffers.Text;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The video packets of a container as ffprobe prints them: <c>pts,flags</c>.</summary>
internal sealed class PacketList
{
    private readonly List<long> _shown = [];
    private readonly List<long> _keys = [];
    private int _withoutPts;
    private bool _startsWithKey;

    /// <summary>All packets, hidden ones included.</summary>
    public int Count { get; private set; }

    public bool HasAllPts => _withoutPts == 0;

    /// <summary>Every packet has its own timestamp and the first can be decoded.</summary>
    public bool CanBeTrusted =>
        Count > 0 && HasAllPts && _startsWithKey && _shown.Count > 0 && _shown.Distinct().Count() == _shown.Count;

    /// <summary>Takes a line such as <c>1001,K_</c>. <c>D</c> marks packets that are decoded but not shown (before an edit list's start).</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        int comma = line.IndexOf((byte)',');
        if (comma < 0)
        {
            return;
        }

        ReadOnlySpan<byte> flags = line[(comma + 1)..];
        bool isKey = flags.IndexOf((byte)'K') >= 0;
        _startsWithKey |= Count == 0 && isKey;
        Count++;
        if (!Utf8Parser.TryParse(line[..comma], out long pts, out int used) || used != comma)
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
            _keys.Add(pts);
        }
    }

    /// <summary>Timestamps of the displayed frames, rising.</summary>
    public long[] Shown() => [.. _shown.Order()];

    /// <summary>Timestamps of the key packets, rising.</summary>
    public long[] Keys() => [.. _keys.Order().Distinct()];
}
