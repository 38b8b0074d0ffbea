using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Trials;

/// <summary>A small clip of a codec, decoded by a card and by the CPU: a decoder that gives other frames, or none, is not used.</summary>
/// <param name="tools">ffmpeg.</param>
/// <param name="path">Where the clip is made.</param>
/// <param name="encoder">Name of the encoder that makes it; one that this ffmpeg has.</param>
internal sealed class DecoderTrial(MediaTools tools, string path, string encoder, CancellationToken stop)
{
    private readonly Lazy<TrialClip?> _clip = new(() => TrialClip.Make(tools, path, encoder, "yuv420p", stop));

    /// <summary>Whether the decoder gives all frames to the bit.</summary>
    /// <returns>Null: it does; else what it does instead.</returns>
    public string? Fault(HardwareDecoder decoder)
    {
        try
        {
            return _clip.Value is not { } clip ? $"{encoder} makes no clip to try it with"
                : !decoder.Takes(clip.Video.Format) ? "it does not take the clip"
                : Compare(decoder, clip);
        }
        catch (FusionException e)
        {
            // No driver, no such card, or one that cannot do it.
            return e.Message;
        }
    }

    private string? Compare(HardwareDecoder decoder, TrialClip clip)
    {
        using FramePool pool = new(FrameFormats.Of(clip.Video.Format), 2);
        Frame byCpu = pool.Rent(stop);
        Frame byCard = pool.Rent(stop);
        DecodePlan plan = DecodePlan.For(clip.Video.Format, clip.Table, clip.Table.All);
        using PipedFrames cpu = new(tools, path, plan);
        using IFrames card = decoder.Open(tools, path, plan);
        for (int i = 0; i < clip.Table.Count; i++)
        {
            cpu.Read(byCpu, stop);
            card.Read(byCard, stop);
            if (!byCpu.Bytes.SequenceEqual(byCard.Bytes))
            {
                return $"frame {i} of a clip by {encoder} differs from the CPU's";
            }
        }

        card.Finish(stop);
        return null;
    }
}
