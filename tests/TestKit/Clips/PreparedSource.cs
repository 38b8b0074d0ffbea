using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>A video of numbered frames as it is found: probe, table, and the numbers drawn in its frames.</summary>
public sealed record PreparedSource(string Path, ProbedVideo Video, BuiltFrameTable Built, IReadOnlyList<int> Numbers)
{
    private static readonly ConcurrentDictionary<string, Lazy<PreparedSource>> Known = new();

    public FrameTable Table => Built.Table;

    /// <summary>The hard source of a name; read once.</summary>
    public static PreparedSource Of(MediaTools tools, string name) =>
        Known.GetOrAdd(name, n => new Lazy<PreparedSource>(() => Prepare(tools, HardSources.Path(n)))).Value;

    public static PreparedSource Prepare(MediaTools tools, string path)
    {
        ProbedVideo video = new VideoProbe(tools).Read(path);
        BuiltFrameTable built = new FrameTableBuilder(tools).Build(path, video);
        return new PreparedSource(path, video, built, ReadNumbers(tools, path, video, built.Table));
    }

    /// <summary>Numbers drawn in the frames, read from one decode of the whole file without any seek.</summary>
    public static List<int> ReadNumbers(MediaTools tools, string path, ProbedVideo video, FrameTable table)
    {
        List<int> numbers = [];
        using FramePool pool = new(FrameFormats.Of(video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(tools, path, video.Format, table, table.All);
        while (reader.Read(frame, CancellationToken.None))
        {
            numbers.Add(FrameNumbers.Read(frame));
        }

        reader.Finish();
        pool.Return(frame);
        return numbers;
    }

    /// <summary>
    /// What of a result is not as it must be: the same frames in the same order, each at the same distance from the first to the tick,
    /// in a picture of the same kind. Null: nothing.
    /// </summary>
    public string? FindDifference(PreparedSource result)
    {
        if (!Numbers.SequenceEqual(result.Numbers))
        {
            int at = Numbers.Zip(result.Numbers).TakeWhile(pair => pair.First == pair.Second).Count();
            return $"{result.Numbers.Count} frames where {Numbers.Count} are due, other ones from frame {at} on";
        }

        for (int i = 0; i < Table.Count; i++)
        {
            // Times as fractions of whole numbers, compared over a common denominator.
            Int128 due = (Int128)(Table.Pts[i] - Table.Pts[0]) * Table.TimeBase.Num * result.Table.TimeBase.Den;
            Int128 found =
                (Int128)(result.Table.Pts[i] - result.Table.Pts[0]) * result.Table.TimeBase.Num * Table.TimeBase.Den;
            if (due != found)
            {
                return $"frame {i} is at another time";
            }
        }

        return FindDifference(Video.Format, result.Video.Format);
    }

    private static string? FindDifference(VideoFormat target, VideoFormat result)
    {
        (string Name, object? Due, object? Found)[] parts =
        [
            ("size", (target.Width, target.Height), (result.Width, result.Height)),
            ("aspect", target.SampleAspectRatio, result.SampleAspectRatio),
            ("rotation", target.Rotation, result.Rotation),
            ("range", target.ColorRange == "pc", result.ColorRange == "pc"),
            ("matrix", target.ColorSpace, result.ColorSpace),
            ("transfer", target.ColorTransfer, result.ColorTransfer),
            ("primaries", target.ColorPrimaries, result.ColorPrimaries),
            ("mastering display", target.MasteringDisplay, result.MasteringDisplay),
            ("light level", target.ContentLightLevel, result.ContentLightLevel),
            ("interlacing", target.FieldOrder is "tt" or "bb", result.FieldOrder is "tt" or "bb"),
            // Odd sizes need chroma in full.
            (
                "pixel format",
                target.PixelFormat,
                target.Width % 2 != 0 || target.Height % 2 != 0 ? target.PixelFormat : result.PixelFormat
            ),
        ];
        return parts
            .Where(part => !Equals(part.Due, part.Found))
            .Select(part => $"{part.Name} is {part.Found} where {part.Due} is due")
            .FirstOrDefault();
    }
}
