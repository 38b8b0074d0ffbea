using System.Buffers.Binary;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using static FaceFusion.Batch.Media.Probing.Mp4Content;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>
/// What the sample tables of a segment say (ISO/IEC 14496-12, section 8). Only the plain kind of MP4 that the product's own encoder
/// writes is understood: one video track, unfragmented, every byte of the media a sample of it, nothing hidden by an edit list.
/// Whatever else a file has makes it another kind, for ffprobe to read.
/// </summary>
/// <param name="Pts">Of every frame, rising, from an arbitrary start.</param>
/// <param name="HeaderSha256">SHA-256 of the decoder's configuration, lower-case hex: what ffmpeg calls extradata.</param>
internal sealed record SegmentTables(Rational TimeBase, IReadOnlyList<long> Pts, string HeaderSha256)
{
    private const int LargestIndex = 1 << 26;
    private const int SampleEntryBytes = 78;

    /// <summary>Null: it is not of the plain kind.</summary>
    public static SegmentTables? Read(string path)
    {
        if (
            !Mp4Boxes.TryList(path, out IReadOnlyList<Mp4Boxes.Box> boxes)
            || boxes.Any(b => b.Type is not ("ftyp" or "free" or "mdat" or "moov"))
            || boxes.Count(b => b.Type == "mdat") != 1
            || boxes.Count(b => b.Type == "moov") != 1
        )
        {
            return null;
        }

        Mp4Boxes.Box moov = boxes.First(b => b.Type == "moov");
        Mp4Boxes.Box media = boxes.First(b => b.Type == "mdat");
        if (moov.End - moov.Start > LargestIndex)
        {
            return null;
        }

        byte[] index = new byte[moov.End - moov.Start];
        using FileStream file = File.OpenRead(path);
        file.Position = moov.Start;
        file.ReadExactly(index);
        return OfIndex(index, media);
    }

    private static SegmentTables? OfIndex(ReadOnlySpan<byte> moov, Mp4Boxes.Box media)
    {
        if (
            Find(moov, "mvex"u8, out _) != 0
            || Find(moov, "mvhd"u8, out ReadOnlySpan<byte> movie) != 1
            || Find(moov, "trak"u8, out ReadOnlySpan<byte> track) != 1
            || Find(track, "mdia"u8, out ReadOnlySpan<byte> mdia) != 1
            || Find(mdia, "mdhd"u8, out ReadOnlySpan<byte> clock) != 1
            || Find(mdia, "hdlr"u8, out ReadOnlySpan<byte> handler) != 1
            || Find(mdia, "minf"u8, out ReadOnlySpan<byte> minf) != 1
            || Find(minf, "stbl"u8, out ReadOnlySpan<byte> tables) != 1
            || handler.Length < 12
            || !handler[8..12].SequenceEqual("vide"u8)
            || Timescale(movie) is not int movieScale
            || Timescale(clock) is not int scale
            || Header(tables) is not { } header
            || SamplesFill(tables, media) is not int count
            || Times(tables, count) is not { } pts
            || !ShowsAll(track, pts, scale, movieScale)
        )
        {
            return null;
        }

        return new SegmentTables(new Rational(1, scale), pts, header);
    }

    private static int? Timescale(ReadOnlySpan<byte> content)
    {
        // Version 1 has two dates of 8 bytes before it, version 0 of 4.
        int place = content.Length > 0 && content[0] == 1 ? 20 : 12;
        return content.Length >= place + 4 && BinaryPrimitives.ReadInt32BigEndian(content[place..]) is > 0 and int scale
            ? scale
            : null;
    }

    private static string? Header(ReadOnlySpan<byte> tables)
    {
        if (
            Find(tables, "stsd"u8, out ReadOnlySpan<byte> described) != 1
            || described.Length < 8
            || Word(described, 4) != 1
        )
        {
            return null;
        }

        ReadOnlySpan<byte> entry = described[8..];
        bool isAvc = Find(entry, "avc1"u8, out ReadOnlySpan<byte> sample) == 1;
        if (!isAvc && Find(entry, "hvc1"u8, out sample) != 1)
        {
            return null;
        }

        return
            sample.Length > SampleEntryBytes
            && Find(sample[SampleEntryBytes..], isAvc ? "avcC"u8 : "hvcC"u8, out ReadOnlySpan<byte> configuration) == 1
            && configuration.Length > 0
            ? Convert.ToHexStringLower(SHA256.HashData(configuration))
            : null;
    }

    /// <summary>How many samples there are, if they lie one behind the other from the first byte of the media to the last.</summary>
    private static int? SamplesFill(ReadOnlySpan<byte> tables, Mp4Boxes.Box media)
    {
        bool isWide = Find(tables, "co64"u8, out ReadOnlySpan<byte> offsets) == 1;
        if (
            (!isWide && Find(tables, "stco"u8, out offsets) != 1)
            || Find(tables, "stsz"u8, out ReadOnlySpan<byte> sizes) != 1
            || Find(tables, "stsc"u8, out ReadOnlySpan<byte> runs) != 1
            || !IsTable(offsets, 8, isWide ? 8 : 4, out int chunks)
            || !IsTable(sizes, 12, 4, out int count)
            || Word(sizes, 4) != 0
            || !IsTable(runs, 8, 12, out int lastRun)
        )
        {
            return null;
        }

        long position = media.Start;
        int sample = 0;
        int run = -1;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            if (run + 1 < lastRun && Word(runs, 8 + (12 * (run + 1))) == chunk + 1)
            {
                run++;
            }

            ulong offset = isWide
                ? BinaryPrimitives.ReadUInt64BigEndian(offsets[(8 + (8 * chunk))..])
                : Word(offsets, 8 + (4 * chunk));
            uint length = run < 0 ? uint.MaxValue : Word(runs, 12 + (12 * run));
            if (offset != (ulong)position || length > count - sample)
            {
                return null;
            }

            for (uint i = 0; i < length; i++)
            {
                position += Word(sizes, 12 + (4 * sample++));
            }
        }

        return run + 1 == lastRun && sample == count && position == media.End ? count : null;
    }

    /// <summary>Presentation times, rising; null: the tables are of another number of samples.</summary>
    private static long[]? Times(ReadOnlySpan<byte> tables, int count)
    {
        int shifted = Find(tables, "ctts"u8, out ReadOnlySpan<byte> shifts);
        if (
            shifted is not (0 or 1)
            || Find(tables, "stts"u8, out ReadOnlySpan<byte> steps) != 1
            || !IsTable(steps, 8, 8, out int stepRuns)
        )
        {
            return null;
        }

        long[] pts = new long[count];
        long time = 0;
        int sample = 0;
        for (int run = 0; run < stepRuns; run++)
        {
            uint length = Word(steps, 8 + (8 * run));
            uint step = Word(steps, 12 + (8 * run));
            if (length > count - sample)
            {
                return null;
            }

            for (uint i = 0; i < length; i++, time += step)
            {
                pts[sample++] = time;
            }
        }

        if (sample != count || (shifted == 1 && !Shift(pts, shifts)))
        {
            return null;
        }

        Array.Sort(pts);
        return pts;
    }

    private static bool Shift(long[] pts, ReadOnlySpan<byte> shifts)
    {
        if (!IsTable(shifts, 8, 8, out int runs))
        {
            return false;
        }

        int sample = 0;
        for (int run = 0; run < runs; run++)
        {
            uint length = Word(shifts, 8 + (8 * run));
            int shift = BinaryPrimitives.ReadInt32BigEndian(shifts[(12 + (8 * run))..]);
            if (length > pts.Length - sample)
            {
                return false;
            }

            for (uint i = 0; i < length; i++)
            {
                pts[sample++] += shift;
            }
        }

        return sample == pts.Length;
    }

    /// <summary>No edit list, or one that begins at or before the first frame and ends after the last begins.</summary>
    private static bool ShowsAll(ReadOnlySpan<byte> track, long[] pts, int scale, int movieScale)
    {
        int edited = Find(track, "edts"u8, out ReadOnlySpan<byte> edits);
        if (edited == 0)
        {
            return true;
        }

        if (
            edited != 1
            || Find(edits, "elst"u8, out ReadOnlySpan<byte> list) != 1
            || !IsTable(list, 8, 12, out int entries)
            || entries != 1
            || list[0] != 0
            || pts.Length == 0
        )
        {
            return false;
        }

        uint duration = Word(list, 8);
        int start = BinaryPrimitives.ReadInt32BigEndian(list[12..]);
        const uint NormalSpeed = 0x10000;
        return Word(list, 16) == NormalSpeed
            && start >= 0
            && start <= pts[0]
            && (Int128)duration * scale > (Int128)(pts[^1] - start) * movieScale;
    }
}
