using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>A small clip of a codec, decoded by a card and by the CPU: a decoder that gives other frames, or none, is not used.</summary>
/// <param name="tools">ffmpeg.</param>
/// <param name="path">Where the clip is made.</param>
/// <param name="encoder">Name of the encoder that makes it; one that this ffmpeg has.</param>
internal sealed class DecoderTrial(MediaTools tools, string path, string encoder, CancellationToken stop)
{
    private const int FrameCount = 48;

    private readonly Lazy<(ProbedVideo Video, FrameTable Table)?> _clip = new(() =>
    {
        if (!Make(tools, path, encoder, stop))
        {
            return null;
        }

        ProbedVideo video = new VideoProbe(tools).Read(path, stop);
        return (video, new FrameTableBuilder(tools).Build(path, video, stop).Table);
    });

    /// <summary>Whether the decoder gives all frames to the bit.</summary>
    /// <returns>Null: it does; else what it does instead.</returns>
    public string? Fault(HardwareDecoder decoder)
    {
        try
        {
            return _clip.Value is not { } clip ? $"{encoder} makes no clip to try it with"
                : !decoder.Takes(clip.Video.Format) ? "it does not take the clip"
                : Compare(decoder, clip.Video, clip.Table);
        }
        catch (FusionException e)
        {
            // No driver, no such card, or one that cannot do it.
            return e.Message;
        }
    }

    private string? Compare(HardwareDecoder decoder, ProbedVideo video, FrameTable table)
    {
        using FramePool pool = new(FrameFormats.Of(video.Format), 2);
        Frame byCpu = pool.Rent(stop);
        Frame byCard = pool.Rent(stop);
        DecodePlan plan = DecodePlan.For(video.Format, table, table.All);
        using PipedFrames cpu = new(tools, path, plan);
        using IFrames card = decoder.Open(tools, path, plan);
        for (int i = 0; i < table.Count; i++)
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

    /// <summary>Motion, noise, B-frames, several references, two groups of pictures, and a size that is no multiple of a macroblock.</summary>
    private static bool Make(MediaTools tools, string path, string encoder, CancellationToken stop) =>
        ChildTool
            .Capture(
                tools,
                MediaProgram.Ffmpeg,
                [
                    "-f",
                    "lavfi",
                    "-i",
                    "testsrc2=s=330x250:r=30,noise=alls=12:allf=t",
                    "-frames:v",
                    $"{FrameCount}",
                    "-g",
                    $"{FrameCount / 2}",
                    "-pix_fmt",
                    "yuv420p",
                    "-c:v",
                    encoder,
                    "-preset",
                    "medium",
                    "-threads",
                    "1",
                    "-y",
                    path,
                ],
                ToolLimits.Encoding(330 * 250 * 3 / 2),
                stop
            )
            .ExitCode == 0;
}
