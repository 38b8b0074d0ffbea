using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The packets of one video stream of a container, in the order in which they lie there.</summary>
internal sealed class PacketList
{
    private readonly List<(long Pts, int Packet)> _shown = [];
    private readonly List<(long Pts, long Position, int Size)> _keys = [];
    private int _withoutPts;
    private bool _startsWithKey;

    /// <summary>All packets, hidden ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Key packets that are displayed.</summary>
    public int ShownKeys { get; private set; }

    public bool HasAllPts => _withoutPts == 0;

    /// <summary>Every packet has its own timestamp and the first can be decoded.</summary>
    public bool CanBeTrusted =>
        Count > 0
        && HasAllPts
        && _startsWithKey
        && _shown.Count > 0
        && _shown.DistinctBy(static frame => frame.Pts).Count() == _shown.Count;

    /// <param name="packet">The next one. A hidden one is decoded and not shown (before an edit list's start).</param>
    public void Add(in ListedPacket packet)
    {
        _startsWithKey |= Count == 0 && packet.IsKey;
        Count++;
        if (packet.Pts is not long pts)
        {
            _withoutPts++;
            return;
        }

        if (!packet.IsHidden)
        {
            _shown.Add((pts, Count - 1));
            ShownKeys += packet.IsKey ? 1 : 0;
        }

        if (packet.IsKey)
        {
            _keys.Add((pts, packet.Position ?? 0, packet.Position is null ? 0 : packet.Size));
        }
    }

    /// <summary>Timestamps of the displayed frames, rising.</summary>
    /// <param name="packets">Of so many first packets alone.</param>
    public long[] Shown(int packets = int.MaxValue) =>
        [.. _shown.TakeWhile(frame => frame.Packet < packets).Select(static frame => frame.Pts).Order()];

    /// <summary>Timestamps of the key packets, rising.</summary>
    public long[] Keys() => [.. _keys.Select(static key => key.Pts).Order().Distinct()];

    /// <summary>Timestamps of those key packets at which a decoder begins anew, rising; none where that cannot be told.</summary>
    /// <param name="path">The file that was listed.</param>
    public long[] CleanStarts(string path, VideoFormat format) =>
        DecoderRefreshes.AreTold(format)
            ? [.. DecoderRefreshes.Among(path, format.Codec, _keys).Order().Distinct()]
            : [];
}
