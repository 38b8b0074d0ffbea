using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>
/// Proves a result against its target: frame count, every timestamp, the list of streams, the bytes of every sound packet, and the
/// distance in time between sound and picture.
/// </summary>
public sealed class ResultVerifier(MediaTools tools)
{
    /// <param name="scale">Width and height of the result over those of the target.</param>
    /// <returns>A verification in which everything holds.</returns>
    /// <exception cref="MediaToolException"><c>result-not-exact</c>: something does not; the message says what.</exception>
    internal Verification Verify(
        ProbedVideo target,
        IReadOnlyList<CopiedPackets> targetSound,
        FrameTable table,
        string resultPath,
        ResultContainer container,
        int scale,
        CancellationToken cancellationToken = default
    )
    {
        ListedVideo listed = new VideoProbe(tools).ReadPackets(
            resultPath,
            "list frames of the result",
            cancellationToken
        );
        ProbedVideo result = listed.Video;
        using Beside<IReadOnlyList<CopiedPackets>> sound = new(() =>
            CopiedPackets.ReadAudio(tools, resultPath, result, cancellationToken)
        );
        long[] pts = PtsOf(listed);
        if (pts.Length != table.Count)
        {
            throw NotExact($"it has {pts.Length} frames instead of {table.Count}");
        }

        CheckTimestamps(table, pts, result.Format.TimeBase, container.IsExact);
        CheckStreams(target, result, container);
        CheckPicture(target.Format, result.Format, scale);
        long shift = CheckAudio(targetSound, sound.Result(), table, result, pts[0], container);
        return new Verification(
            table.Count,
            pts.Length,
            TimestampsEqual: true,
            StreamsKept: true,
            shift,
            container.IsExact
                ? "Every timestamp equals the target's to the tick; every sound packet is byte-equal."
                : "Timestamps are rounded to MKV's millisecond; every sound packet is byte-equal."
        );
    }

    /// <summary>A still result is one picture of the target's size, enlarged as it was asked for.</summary>
    /// <param name="scale">As of a video.</param>
    /// <exception cref="MediaToolException"><c>result-not-exact</c>.</exception>
    public static Verification VerifyStill(
        MediaTools tools,
        string resultPath,
        ProbedVideo target,
        int scale,
        CancellationToken cancellationToken = default
    )
    {
        VideoFormat result = new VideoProbe(tools).Read(resultPath, cancellationToken).Format;
        return IsSize(target.Format, result, scale)
            ? new Verification(
                1,
                1,
                TimestampsEqual: true,
                StreamsKept: true,
                0,
                "A picture: one frame, no timestamps, no sound."
            )
            : throw NotExact(SizeFault(target.Format, result, scale));
    }

    private static long[] PtsOf(ListedVideo listed) =>
        !listed.IsCut && listed.Packets.HasAllPts ? listed.Packets.Shown() : throw NotExact("it cannot be read back");

    private static void CheckTimestamps(FrameTable table, long[] pts, Rational timeBase, bool exact)
    {
        // MKV rounds both the frame's and the first frame's time: off by less than one of its ticks.
        Int128 tolerance = exact ? 0 : (Int128)timeBase.Num * table.TimeBase.Den;
        for (int i = 0; i < pts.Length; i++)
        {
            Int128 found = (Int128)(pts[i] - pts[0]) * timeBase.Num * table.TimeBase.Den;
            Int128 wanted = (Int128)(table.Pts[i] - table.Pts[0]) * table.TimeBase.Num * timeBase.Den;
            if (Int128.Abs(found - wanted) > tolerance)
            {
                throw NotExact($"frame {i} has another timestamp");
            }
        }
    }

    private static void CheckStreams(ProbedVideo target, ProbedVideo result, ResultContainer container)
    {
        foreach (StreamKind kind in (StreamKind[])[StreamKind.Audio, StreamKind.Subtitle, StreamKind.Attachment])
        {
            int wanted = container.Kept(target).Count(s => s.Kind == kind);
            int found = result.Streams.Count(s => s.Kind == kind);
            if (wanted != found)
            {
                string name = kind.ToString().ToLowerInvariant();
                throw NotExact(
                    $"it has {found.ToString(CultureInfo.InvariantCulture)} {name} streams instead of {wanted}"
                );
            }
        }

        if (container.Kept(target).Count(s => s.IsPicture) != result.Streams.Count(s => s.IsPicture))
        {
            throw NotExact("its cover is missing");
        }

        if (target.Chapters != result.Chapters)
        {
            throw NotExact($"it has {result.Chapters} chapters instead of {target.Chapters}");
        }
    }

    private static void CheckPicture(VideoFormat target, VideoFormat result, int scale)
    {
        if (!IsSize(target, result, scale))
        {
            throw NotExact(SizeFault(target, result, scale));
        }

        if (target.Rotation != result.Rotation)
        {
            throw NotExact($"players turn it by {result.Rotation}° instead of {target.Rotation}°");
        }
    }

    private static bool IsSize(VideoFormat target, VideoFormat result, int scale) =>
        result.Width == target.Width * scale && result.Height == target.Height * scale;

    private static string SizeFault(VideoFormat target, VideoFormat result, int scale) =>
        $"its picture has {result.Width} × {result.Height} pixels instead of {target.Width * scale} × {target.Height * scale}";

    private static long CheckAudio(
        IReadOnlyList<CopiedPackets> before,
        IReadOnlyList<CopiedPackets> after,
        FrameTable table,
        ProbedVideo result,
        long resultFirst,
        ResultContainer container
    )
    {
        double worst = 0;
        for (int i = 0; i < before.Count; i++)
        {
            if (before[i].Pts.Count != after[i].Pts.Count || before[i].Hash != after[i].Hash)
            {
                throw NotExact($"sound track {i + 1} has other packets");
            }

            if (before[i].Pts.Count == 0)
            {
                continue;
            }

            double wanted = Seconds(before[i].Pts[0], before[i].TimeBase) - Seconds(table.Pts[0], table.TimeBase);
            double found = Seconds(after[i].Pts[0], after[i].TimeBase) - Seconds(resultFirst, result.Format.TimeBase);
            double tick = Math.Max(before[i].TimeBase.ToDouble(), after[i].TimeBase.ToDouble());
            double shift = Math.Abs(found - wanted);

            // Below one tick of the coarser clock the two times are the same time, written down twice.
            worst = Math.Max(worst, shift < tick ? 0 : shift);
        }

        long microseconds = (long)Math.Round(worst * 1e6);
        return microseconds == 0 || (!container.IsExact && microseconds <= 1_000)
            ? microseconds
            : throw NotExact($"sound has moved by {microseconds} µs against the picture");
    }

    private static double Seconds(long pts, Rational timeBase) => (double)pts * timeBase.Num / timeBase.Den;

    private static MediaToolException NotExact(string why) =>
        new("result-not-exact", $"The joined result is not exact ({why}): it was not published.", isTransient: false);
}
