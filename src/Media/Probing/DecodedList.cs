using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Decoding;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The frames that ffmpeg's decoder put out, in display order.</summary>
internal sealed class DecodedList(VideoFormat format)
{
    private int _changedAt = -1;

    public List<long> Pts { get; } = [];

    public List<long> Keys { get; } = [];

    public int WithoutPts { get; private set; }

    /// <summary>Takes a line of the decoder's stderr.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (!ShowInfoLine.TryParse(line, out ShowInfoLine frame))
        {
            return;
        }

        if (_changedAt < 0 && (frame.Width != format.Width || frame.Height != format.Height))
        {
            _changedAt = Pts.Count;
        }

        if (frame.Pts is not long pts)
        {
            WithoutPts++;
            return;
        }

        Pts.Add(pts);
        if (frame.IsKey)
        {
            Keys.Add(pts);
        }
    }

    /// <summary>Drops frames that the filter saw beyond the number that was asked for.</summary>
    public void CutTo(int frames)
    {
        if (Pts.Count > frames)
        {
            Pts.RemoveRange(frames, Pts.Count - frames);
        }
    }

    public void ThrowIfSizeChanged()
    {
        if (_changedAt >= 0)
        {
            throw new InvalidVideoException(
                "video-size-changes",
                $"The target's picture size changes at about frame {_changedAt}: cut it into parts of one size first."
            );
        }
    }
}
