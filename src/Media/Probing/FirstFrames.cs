using System.Globalization;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The frames at the head of a target, decoded by ffprobe: what they say of the format, and whether the packets tell the truth.</summary>
internal sealed class FirstFrames
{
    /// <summary>
    /// So many packets are decoded to hold the list of packets against. What makes frames differ from packets (edit lists, priming, clocks
    /// that begin below zero, leading frames without their references, fields, hidden frames, reordering) shows where decoding begins: a
    /// decoder holds back 16 frames at most (H.264, A.3.1; H.265, A.4.2), so as many show it fill up, and as many again show it run.
    /// What shows later only is found where frames are decoded anyway, by the scan and by the chunks.
    /// </summary>
    public const int Packets = 32;

    /// <summary>What is cut without being encoded begins within a group of pictures; none is longer than this.</summary>
    private const int MostPackets = Packets * More * More * More;

    private const int More = 4;
    private const int BytesPerPixel = 6;

    private readonly DecodedList _frames;
    private readonly int _packets;

    /// <param name="mixed">Packets and frames as ffprobe printed them.</param>
    public FirstFrames(IEnumerable<JsonElement> mixed, VideoFormat format)
    {
        _frames = new DecodedList(format);
        foreach (JsonElement element in mixed)
        {
            switch (ProbeJson.Text(element, "type"))
            {
                case "packet":
                    _packets++;
                    break;
                case "frame":
                    _frames.Add(
                        element.TryGetProperty("best_effort_timestamp", out JsonElement pts) ? pts.GetInt64() : null,
                        ProbeJson.Integer(element, "width"),
                        ProbeJson.Integer(element, "height"),
                        ProbeJson.Integer(element, "key_frame") == 1
                    );
                    break;
            }
        }
    }

    /// <summary>How large the frames are is not known yet.</summary>
    public static ToolLimits Limits => ToolLimits.Decoding(BytesPerPixel * InputRules.MaxPixels);

    /// <summary>For ffprobe. Of the pictures only timestamps and sizes are of use; smoothing the blocks' edges changes neither.</summary>
    /// <param name="packets">How many are decoded.</param>
    public static string[] Questions(int packets) =>
        [
            "-skip_loop_filter",
            "all",
            "-read_intervals",
            string.Create(CultureInfo.InvariantCulture, $"%+#{packets}"),
            "-show_frames",
            "-show_packets",
        ];

    /// <summary>
    /// How many packets to ask for instead, as next to nothing came of those: they lie before an edit list's start, or before the first
    /// key frame of a recording. Null: these are enough.
    /// </summary>
    /// <param name="mixed">The answer.</param>
    /// <param name="asked">Packets that were asked for.</param>
    public static int? Instead(IEnumerable<JsonElement> mixed, int asked)
    {
        ILookup<string, JsonElement> answer = mixed.ToLookup(static e => ProbeJson.Text(e, "type"));
        bool isWhole = answer["packet"].Count() < asked;
        // Each field of a frame may be a packet.
        bool isEnough = answer["frame"].Count() > asked / 3;
        return isWhole || isEnough || asked == MostPackets ? null : asked * More;
    }

    /// <summary>True if these are the frames that the packets promise: a decoder gives all it holds when no more packets come.</summary>
    /// <exception cref="Contracts.Errors.InvalidVideoException"><c>video-size-changes</c>.</exception>
    public bool Agree(PacketList packets)
    {
        _frames.ThrowIfSizeChanged();
        return _frames.Pts.SequenceEqual(packets.Shown(_packets));
    }

    /// <summary>There is no packet beyond them.</summary>
    public bool AreAll(PacketList packets) => _packets >= packets.Count;
}
