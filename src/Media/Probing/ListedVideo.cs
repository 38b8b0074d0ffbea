namespace FaceFusion.Batch.Media.Probing;

/// <summary>A target of which every packet is listed: what <see cref="FrameTableBuilder"/> makes a frame table of.</summary>
public sealed record ListedVideo
{
    internal ListedVideo(ProbedVideo video, PacketList packets, bool isCut, FirstFrames? head)
    {
        Video = video;
        Packets = packets;
        IsCut = isCut;
        Head = head;
    }

    public ProbedVideo Video { get; }

    /// <summary>The packets were found to be wrong already, whatever the first frames say: a decoder alone is believed.</summary>
    public bool IsDistrusted { get; init; }

    /// <summary>Of the stream whose frames are fused; none of a photo.</summary>
    internal PacketList Packets { get; }

    /// <summary>The file ends before its last packet does.</summary>
    internal bool IsCut { get; }

    /// <summary>The first frames; null: nothing was decoded.</summary>
    internal FirstFrames? Head { get; }
}
