using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Checking;

/// <summary>How far two results of one target agree, frame by frame, where either differs from the target: on the faces.</summary>
internal sealed record ClipParity
{
    /// <summary>Peak signal-to-noise ratio of frames that are the same to the bit, in dB: nothing else reaches it with 8 bits.</summary>
    public const double Same = 99;

    /// <summary>What is asked for, in dB: a difference of 1.8 of 255, as the root of its mean square.</summary>
    public const double Enough = 43;

    public required int Frames { get; init; }

    /// <summary>Frames without a difference.</summary>
    public required int SameFrames { get; init; }

    /// <summary>Frames in which one of the two fused another number of faces.</summary>
    public required int OtherFaces { get; init; }

    /// <summary>Faces that were fused, of the first.</summary>
    public required int Faces { get; init; }

    /// <summary>Share of luma samples that were fused, 0 to 1: of these alone the differences are told.</summary>
    public required double FusedShare { get; init; }

    /// <summary>Of luma, in dB, of the frame that differs most: 10 lg(255² / mean squared difference), at most <see cref="Same"/>.</summary>
    public required double LeastDecibels { get; init; }

    public required double MedianDecibels { get; init; }

    public required int WorstFrame { get; init; }

    /// <summary>Of a sample of luma, 0 to 255.</summary>
    public required int GreatestDifference { get; init; }

    /// <summary>
    /// The devices agree: the same faces in every frame, and no fused part that differs by so much that an eye could see it.
    /// </summary>
    public bool Holds => Faces > 0 && OtherFaces == 0 && LeastDecibels >= Enough;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Frames} frames with {Faces} fused faces, {OtherFaces} with another number of them; the faces ({FusedShare:0.0 %} of the luma) agree to {LeastDecibels:0.0} dB at worst (frame {WorstFrame}), {MedianDecibels:0.0} in the middle, and differ by {GreatestDifference} of 255 at most; {SameFrames} frames are the same: {(Holds ? "holds" : $"DOES NOT HOLD: as many fused faces in each frame, and {Enough:0} dB, are asked for")}"
        );

    /// <summary>Refuses what cannot be compared, before it is fused.</summary>
    /// <exception cref="FusionException">It cannot be read, or <c>clip-format</c>: it is a picture, has more than 8 bits, or a side that is odd.</exception>
    public static void Require(MediaTools tools, string target, CancellationToken stop)
    {
        VideoFormat format = new VideoProbe(tools).Read(target, stop).Format;
        if (
            format.IsStill
            || FrameFormats.Of(format).BytesPerSample != 1
            || format.Width % 2 != 0
            || format.Height % 2 != 0
        )
        {
            throw new InvalidVideoException(
                "clip-format",
                $"{target} cannot be compared: give a video of 8 bits whose width and height are even."
            );
        }
    }

    /// <param name="target">What was fused; as <see cref="Require"/> has it.</param>
    /// <param name="first">A result of 8 bits, encoded without loss.</param>
    /// <param name="second">Another of the same target.</param>
    /// <param name="firstFused">Faces fused in each frame.</param>
    /// <param name="secondFused">The same of the other.</param>
    /// <exception cref="FusionException">One cannot be read.</exception>
    public static ClipParity Of(
        MediaTools tools,
        string target,
        string first,
        string second,
        IReadOnlyList<int> firstFused,
        IReadOnlyList<int> secondFused,
        CancellationToken stop
    )
    {
        using FrameReader before = Open(tools, target, stop, out FrameFormat format);
        using FrameReader a = Open(tools, first, stop, out _);
        using FrameReader b = Open(tools, second, stop, out _);
        using FramePool pool = new(format, 3);
        Frame old = pool.Rent(stop);
        Frame left = pool.Rent(stop);
        Frame right = pool.Rent(stop);
        List<double> decibels = [];
        int greatest = 0;
        long fused = 0;
        while (before.Read(old, stop) && a.Read(left, stop) && b.Read(right, stop))
        {
            (double mean, int most, int samples) = Difference(old.Plane(0), left.Plane(0), right.Plane(0));
            greatest = Math.Max(greatest, most);
            fused += samples;
            decibels.Add(most == 0 ? Same : Math.Min(Same, 10 * Math.Log10(255 * 255 / mean)));
        }

        double[] sorted = [.. decibels.Order()];
        return new ClipParity
        {
            Frames = decibels.Count,
            SameFrames = decibels.Count(d => d == Same),
            OtherFaces = firstFused.Zip(secondFused).Count(pair => pair.First != pair.Second),
            Faces = firstFused.Sum(),
            FusedShare = fused / ((double)format.LumaBytes * decibels.Count),
            LeastDecibels = sorted[0],
            MedianDecibels = sorted[sorted.Length / 2],
            WorstFrame = decibels.IndexOf(sorted[0]),
            GreatestDifference = greatest,
        };
    }

    private static FrameReader Open(MediaTools tools, string path, CancellationToken stop, out FrameFormat format)
    {
        ListedVideo listed = new VideoProbe(tools).ReadWhole(path, stop);
        FrameTable table = new FrameTableBuilder(tools).Build(path, listed, stop).Table;
        format = FrameFormats.Of(listed.Video.Format);
        return new FrameReader(tools, path, listed.Video.Format, table, table.All);
    }

    /// <summary>Of the samples that are the target's in one or none: mean of the squared differences, the greatest one, and how many they are.</summary>
    private static (double Mean, int Greatest, int Samples) Difference(
        ReadOnlySpan<byte> target,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second
    )
    {
        long sum = 0;
        int greatest = 0;
        int samples = 0;
        for (int i = 0; i < target.Length; i++)
        {
            if (first[i] == target[i] && second[i] == target[i])
            {
                continue;
            }

            int difference = Math.Abs(first[i] - second[i]);
            sum += difference * difference;
            greatest = Math.Max(greatest, difference);
            samples++;
        }

        return ((double)sum / Math.Max(1, samples), greatest, samples);
    }
}
