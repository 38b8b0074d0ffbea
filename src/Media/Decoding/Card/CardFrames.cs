using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// A card decodes within this process: ffmpeg takes packets out of the container, and pictures come back with the timestamps that went in.
/// Nothing is started on the card for a range but a decoder, and no frame goes through a pipe.
/// </summary>
internal sealed class CardFrames : IFrames
{
    private readonly Func<CancellationToken, PacketFeed> _openPackets;
    private readonly Func<IPictures> _openPictures;
    private readonly DecodePlan _plan;
    private PacketFeed? _packets;
    private IPictures? _pictures;
    private bool _isFed;
    private int _taken;

    /// <param name="input">Local path of the target.</param>
    /// <param name="device">Number of the GPU.</param>
    public CardFrames(MediaTools tools, string input, DecodePlan plan, int device)
        : this(
            tools,
            input,
            plan,
            () =>
                new CardPictures(
                    CardContext.Of(device),
                    plan.Format,
                    FrameFormats.Of(plan.Format),
                    plan.Table.RawPts[plan.First],
                    plan.Table.RawPts[plan.Range.End - 1]
                )
        ) { }

    internal CardFrames(MediaTools tools, string input, DecodePlan plan, Func<IPictures> pictures)
    {
        _plan = plan;
        _openPackets = stop => new PacketFeed(tools, input, plan, stop);
        _openPictures = pictures;
    }

    public bool BeganAtStart => false;

    public void Read(Frame into, CancellationToken cancellationToken)
    {
        do
        {
            ReadNext(into, cancellationToken);
        } while (_taken <= _plan.Skip);
    }

    /// <summary>As a pipe's, which ends with the last timestamp of the range: no further frame has it.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        if (IsMore(cancellationToken))
        {
            throw TimestampCheck.Differs(_plan.Range.End, "more frames came than the frame table has");
        }
    }

    public void Dispose()
    {
        _packets?.Dispose();
        _pictures?.Dispose();
    }

    private bool IsMore(CancellationToken cancellationToken)
    {
        try
        {
            return TryNext(null, out long pts, cancellationToken) && pts <= _plan.Table.RawPts[_plan.Range.End - 1];
        }
        catch (FusionException)
        {
            // What lies behind the range is the business of whoever needs it.
            return false;
        }
    }

    private void ReadNext(Frame into, CancellationToken cancellationToken)
    {
        int number = _plan.First + _taken;
        if (!TryNext(into, out long pts, cancellationToken))
        {
            throw TimestampCheck.Short(number);
        }

        if (pts != _plan.Table.RawPts[number])
        {
            throw TimestampCheck.Differs(number, "another timestamp came than the frame table has");
        }

        _taken++;
    }

    /// <summary>A machine may have the driver and not its decoder: containers without the <c>video</c> capability do.</summary>
    private IPictures OpenPictures()
    {
        try
        {
            return _openPictures();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw CardContext.Failed(
                "a library of the driver cannot be loaded; containers need its video capability",
                e
            );
        }
    }

    /// <summary>Feeds packets until a picture comes out.</summary>
    /// <returns>False: there is none any more.</returns>
    private bool TryNext(Frame? into, out long pts, CancellationToken cancellationToken)
    {
        _packets ??= _openPackets(cancellationToken);
        _pictures ??= OpenPictures();
        while (!_pictures.TryTake(into, out pts))
        {
            if (_isFed)
            {
                return false;
            }

            if (_packets.Read(out long packetPts, out int length, cancellationToken))
            {
                _pictures.Feed(_packets.Packet, length, packetPts);
            }
            else
            {
                _pictures.End();
                _isFed = true;
            }
        }

        return true;
    }
}
