using System.Numerics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Trials;

/// <summary>
/// A small clip, encoded as segments are: an encoder whose segments are not exact, cannot be joined, or do not show the frames that
/// were put in, is not used.
/// </summary>
/// <param name="tools">ffmpeg.</param>
/// <param name="path">Where the clip and its segments are made; endings are added.</param>
/// <param name="pixelFormat">Of the clip.</param>
/// <param name="stop">Gives it up.</param>
internal sealed class EncoderTrial(MediaTools tools, string path, string pixelFormat, CancellationToken stop)
{
    /// <summary>In decibels, of luma, over all frames: far below any constant quality that is of use, far above another picture.</summary>
    private const double LeastPsnr = 28;

    private readonly Lazy<TrialClip?> _clip = new(() =>
        TrialClip.Make(tools, path + ".mp4", "libx264", pixelFormat, stop)
    );

    /// <summary>The first half of the clip by all encoders but one, at the same time, and its second half by the last; two at least.</summary>
    /// <param name="choice">The encoder.</param>
    /// <param name="sessions">Encoders that are open at a time.</param>
    /// <returns>Null: it can be used; else what is wrong with it.</returns>
    public string? Fault(EncoderChoice choice, int sessions)
    {
        try
        {
            return _clip.Value is { } clip
                ? Encode(clip, choice, Math.Max(2, sessions))
                : "libx264 makes no clip to try it with";
        }
        catch (FusionException e)
        {
            // No driver, no such card, none that can do it, or not as often at a time.
            return e.Message;
        }
    }

    private string? Encode(TrialClip clip, EncoderChoice choice, int sessions)
    {
        FrameRange first = new(0, clip.Table.Count / 2);
        FrameRange second = new(first.End, clip.Table.Count);
        FrameRange[] ranges = [.. Enumerable.Repeat(first, sessions - 1), second];
        List<SegmentWriter> writers = [];
        try
        {
            for (int i = 0; i < sessions; i++)
            {
                writers.Add(new SegmentWriter(tools, Segment(i), clip.Video.Format, clip.Table, ranges[i], choice));
            }

            using FramePool pool = new(FrameFormats.Of(clip.Video.Format), 1);
            Frame frame = pool.Rent(stop);
            using FrameReader reader = new(tools, clip.Path, clip.Video.Format, clip.Table, clip.Table.All);
            while (reader.Read(frame, stop))
            {
                for (int i = 0; i < sessions; i++)
                {
                    if (ranges[i].Contains(frame.Number))
                    {
                        writers[i].Write(frame, stop);
                    }
                }
            }

            SegmentFacts[] facts = [.. writers.Select(writer => writer.Finish(stop))];
            return facts.Select(f => f.HeaderSha256).Distinct().Count() > 1
                ? "the headers of two segments differ, so that they could not be joined"
                : Look(clip, first);
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }
    }

    /// <summary>Reads a segment back, and looks for the clip's frames in it.</summary>
    private string? Look(TrialClip clip, FrameRange range)
    {
        FrameFormat format = FrameFormats.Of(clip.Video.Format);
        ProbedVideo segment = new VideoProbe(tools).Read(Segment(0), stop);
        FrameTable table = new FrameTableBuilder(tools).Build(Segment(0), segment, stop).Table;
        if (segment.Format.PixelFormat != pixelFormat || table.Count != range.Length)
        {
            return $"{table.Count} frames of {segment.Format.PixelFormat} came of {range.Length} of {pixelFormat}";
        }

        using FramePool pool = new(format, 2);
        Frame wanted = pool.Rent(stop);
        Frame shown = pool.Rent(stop);
        using FrameReader original = new(tools, clip.Path, clip.Video.Format, clip.Table, range);
        using FrameReader encoded = new(tools, Segment(0), segment.Format, table, table.All);
        double squares = 0;
        while (original.Read(wanted, stop) && encoded.Read(shown, stop))
        {
            squares +=
                format.BytesPerSample == 1
                    ? Squares(wanted.Plane(0), shown.Plane(0))
                    : Squares(wanted.Plane16(0), shown.Plane16(0));
        }

        double peak = (1 << format.BitDepth) - 1;
        double psnr = 10 * Math.Log10(peak * peak * range.Length * format.Width * format.Height / squares);
        return psnr < LeastPsnr ? $"what it encodes shows other pictures ({psnr:F0} dB)" : null;
    }

    private static double Squares<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : struct, INumberBase<T>
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = double.CreateTruncating(a[i]) - double.CreateTruncating(b[i]);
            sum += difference * difference;
        }

        return sum;
    }

    private string Segment(int i) => $"{path}-{i}.seg";
}
