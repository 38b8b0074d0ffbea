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
        if (ShowInfoLine.TryParse(line, out ShowInfoLine frame))
        {
            Add(frame.Pts, frame.Width, frame.Height, frame.IsKey);
        }
    }

    /// <param name="pts">Null: the frame has none.</param>
    public void Add(long? pts, int width, int height, bool isKey)
    {
        if (_changedAt < 0 && (width != format.Width || height != format.Height))
        {
            _changedAt = Pts.Count;
        }

        if (pts is not long known)
        {
            WithoutPts++;
            return;
        }

        Pts.Add(known);
        if (isKey)
        {
            Keys.Add(known);
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
