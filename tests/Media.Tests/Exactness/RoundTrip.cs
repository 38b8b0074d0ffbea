using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Exactness;

/// <summary>The whole way of a video without faces: decode by chunks, encode, join.</summary>
internal static class RoundTrip
{
    public static EncodeSettings Quick { get; } = new() { Preset = "ultrafast" };

    /// <summary>Recodes and joins; the result gets the name <paramref name="output"/>.</summary>
    public static async Task<Verification> RunAsync(
        MediaTools tools,
        PreparedSource source,
        int chunkFrames,
        string output,
        EncodeSettings? settings = null
    )
    {
        string folder = Path.GetDirectoryName(output)!;
        List<JoinSegment> segments = [];
        for (int start = 0; start < source.Table.Count; start += chunkFrames)
        {
            FrameRange range = new(start, Math.Min(source.Table.Count, start + chunkFrames));
            string path = Path.Combine(folder, $"{segments.Count}.seg");
            SegmentFacts facts = Recode(tools, source, range, path, settings ?? Quick);
            segments.Add(new JoinSegment(range, path, facts.HeaderSha256));
        }

        JoinedVideo joined = await new SegmentJoiner(tools).JoinAsync(
            new JoinOrder
            {
                Target = source.Path,
                Video = source.Video,
                Table = source.Table,
                Segments = segments,
                Output = output,
                ScratchFolder = folder,
            }
        );
        await using FileStream result = File.OpenRead(joined.Path);
        Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(result)), joined.Sha256);
        return joined.Verification;
    }

    public static SegmentFacts Recode(
        MediaTools tools,
        PreparedSource source,
        FrameRange range,
        string path,
        EncodeSettings settings
    )
    {
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(tools, source.Path, source.Video.Format, source.Table, range);
        using SegmentWriter writer = new(
            tools,
            path,
            source.Video.Format,
            source.Table,
            range,
            EncoderChoice.Here(source.Video.Format, settings, tools)
        );
        while (reader.Read(frame, CancellationToken.None))
        {
            writer.Write(frame);
        }

        reader.Finish();
        SegmentFacts facts = writer.Finish();
        pool.Return(frame);
        return facts;
    }
}
