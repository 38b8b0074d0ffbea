using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>
/// Every displayed frame of the target: the one list that decides what a frame is. Timestamps are ticks of <see cref="TimeBase"/> in the
/// target's own clock.
/// </summary>
public sealed class FrameTable
{
    private static readonly byte[] Magic = "FFBTABLE"u8.ToArray();
    private const byte FileVersion = 2;

    /// <param name="timeBase">Seconds per tick.</param>
    /// <param name="rawPts">PTS as the decoder gives them, in display order, never falling.</param>
    /// <param name="keyPts">PTS of the packets at which decoding can start, rising; hidden ones included.</param>
    /// <param name="containerStart">Seconds of the container's start.</param>
    /// <exception cref="InvalidVideoException"><c>video-timestamps</c>: a timestamp falls; <c>video-no-frames</c>: there is none.</exception>
    public FrameTable(Rational timeBase, long[] rawPts, long[] keyPts, double containerStart)
    {
        if (rawPts.Length == 0)
        {
            throw new InvalidVideoException("video-no-frames", "The target shows no frame: choose another video.");
        }

        TimeBase = timeBase;
        RawPts = rawPts;
        KeyPts = keyPts;
        ContainerStart = containerStart;
        Pts = Normalise(rawPts);
        HashSet<long> keys = [.. keyPts];
        KeyFrames = [.. Enumerable.Range(0, rawPts.Length).Where(i => keys.Contains(rawPts[i]))];
    }

    public Rational TimeBase { get; }

    /// <summary>Timestamps of the result, strictly rising: the decoder's, or one tick after the frame before where two were equal.</summary>
    public long[] Pts { get; }

    /// <summary>Timestamps as the decoder gives them; differ from <see cref="Pts"/> only where two frames share one.</summary>
    public long[] RawPts { get; }

    /// <summary>PTS of the packets at which decoding can start, rising.</summary>
    public long[] KeyPts { get; }

    /// <summary>
    /// Those of <see cref="KeyPts"/> at which a decoder begins anew, so that it needs nothing before; rising. Empty where that is not known.
    /// </summary>
    public long[] CleanStarts { get; init; } = [];

    /// <summary>Numbers of the displayed frames that are key frames, rising.</summary>
    public int[] KeyFrames { get; }

    /// <summary>Seconds of the container's start, which ffmpeg adds to every seek.</summary>
    public double ContainerStart { get; }

    public int Count => Pts.Length;

    public FrameRange All => new(0, Count);

    /// <summary>Frames whose timestamp had to be moved by a tick or more.</summary>
    public int Moved => Pts.Where((pts, i) => pts != RawPts[i]).Count();

    /// <summary>Seconds from the first frame to the start of frame <paramref name="frame"/>.</summary>
    public double SecondsAt(int frame) => (Pts[frame] - Pts[0]) * (double)TimeBase.Num / TimeBase.Den;

    /// <summary>Writes the table: magic, version, delta-coded numbers, and their SHA-256.</summary>
    public void Save(string path)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Magic);
        writer.Write(FileVersion);
        writer.Write7BitEncodedInt(TimeBase.Num);
        writer.Write7BitEncodedInt(TimeBase.Den);
        writer.Write(ContainerStart);
        WriteDeltas(writer, RawPts);
        WriteDeltas(writer, KeyPts);
        WriteDeltas(writer, CleanStarts);
        writer.Flush();
        byte[] hash = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        writer.Write(hash);
        writer.Flush();
        File.WriteAllBytes(path, bytes.ToArray());
    }

    /// <exception cref="StorageException"><c>frame-table-damaged</c>: the file is not what was saved.</exception>
    public static FrameTable Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (
            length <= Magic.Length
            || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || bytes[Magic.Length] is < 1 or > FileVersion
            || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length))
        )
        {
            throw new StorageException(
                "frame-table-damaged",
                $"The frame table {Path.GetFileName(path)} is damaged: delete it and prepare the target again.",
                isTransient: false
            );
        }

        using BinaryReader reader = new(new MemoryStream(bytes, Magic.Length + 1, length - Magic.Length - 1));
        Rational timeBase = new(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        double start = reader.ReadDouble();
        return new FrameTable(timeBase, ReadDeltas(reader), ReadDeltas(reader), start)
        {
            // The first version of the file ends before them; a job that began with it ends with it.
            CleanStarts = bytes[Magic.Length] == 1 ? [] : ReadDeltas(reader),
        };
    }

    private static long[] Normalise(long[] raw)
    {
        long[] pts = [.. raw];
        for (int i = 1; i < pts.Length; i++)
        {
            if (raw[i] < raw[i - 1])
            {
                throw new InvalidVideoException(
                    "video-timestamps",
                    $"The target's timestamps fall at frame {i}: remux it into MP4 first, for example with ffmpeg -i IN -c copy OUT.mp4."
                );
            }

            pts[i] = Math.Max(raw[i], pts[i - 1] + 1);
        }

        return pts;
    }

    private static void WriteDeltas(BinaryWriter writer, long[] values)
    {
        // Second differences are small for every usual video, and mostly 0: one byte a frame.
        writer.Write7BitEncodedInt(values.Length);
        long last = 0;
        long lastStep = 0;
        foreach (long value in values)
        {
            long step = value - last;
            long bend = step - lastStep;
            writer.Write7BitEncodedInt64((bend << 1) ^ (bend >> 63));
            (last, lastStep) = (value, step);
        }
    }

    private static long[] ReadDeltas(BinaryReader reader)
    {
        long[] values = new long[reader.Read7BitEncodedInt()];
        long last = 0;
        long step = 0;
        for (int i = 0; i < values.Length; i++)
        {
            long coded = reader.Read7BitEncodedInt64();
            step += (coded >>> 1) ^ -(coded & 1);
            last += step;
            values[i] = last;
        }

        return values;
    }
}
