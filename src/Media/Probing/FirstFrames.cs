using System.Text.Json;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The frames at the head of a target, decoded by ffprobe: what they say of the format, and whether the packets tell the truth.</summary>
internal static class FirstFrames
{
    /// <summary>So many packets are decoded to hold the list of packets against.</summary>
    public const int Packets = 330;

    /// <summary>
    /// Among the last packets that are read are some whose neighbours in display order are not: a decoder reorders up to 16 frames.
    /// </summary>
    private const int Unsettled = 16;

    private const int FewestSettled = 60;
    private const int BytesPerPixel = 6;

    /// <summary>For the format alone.</summary>
    public static readonly string[] Few = ["-read_intervals", "%+#60", "-show_frames", "-show_packets"];

    /// <summary>For the packets, too. Only timestamps and sizes are compared; smoothing the blocks' edges changes neither.</summary>
    public static readonly string[] Many =
    [
        "-threads",
        "0",
        "-skip_loop_filter",
        "all",
        "-read_intervals",
        $"%+#{Packets}",
        "-show_frames",
        "-show_packets",
    ];

    /// <summary>On all cores, and how large the frames are is not known yet.</summary>
    public static ToolLimits Limits => ToolLimits.Decoding(BytesPerPixel * InputRules.MaxPixels);

    /// <param name="mixed">Packets and frames as ffprobe printed them.</param>
    public static DecodedList Read(IEnumerable<JsonElement> mixed, VideoFormat format)
    {
        DecodedList frames = new(format);
        foreach (JsonElement frame in mixed.Where(e => ProbeJson.Text(e, "type") == "frame"))
        {
            frames.Add(
                frame.TryGetProperty("best_effort_timestamp", out JsonElement pts) ? pts.GetInt64() : null,
                ProbeJson.Integer(frame, "width"),
                ProbeJson.Integer(frame, "height"),
                ProbeJson.Integer(frame, "key_frame") == 1
            );
        }

        return frames;
    }

    /// <summary>True if these are the frames that the packets promise.</summary>
    /// <param name="shown">PTS of the displayed frames by the packets, rising.</param>
    /// <param name="packets">How many there are in the file.</param>
    public static bool Agree(DecodedList frames, long[] shown, int packets)
    {
        if (packets <= Packets)
        {
            return frames.Pts.SequenceEqual(shown);
        }

        int settled = frames.Pts.Count - Unsettled;
        return settled >= FewestSettled && frames.Pts.Take(settled).SequenceEqual(shown.Take(settled));
    }
}
