using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>The packets of one audio stream: when they play, and a hash over their bytes in order.</summary>
/// <param name="Pts">In ticks of <paramref name="TimeBase"/>.</param>
/// <param name="Hash">Over the hash of each packet's bytes.</param>
internal sealed record CopiedPackets(Rational TimeBase, IReadOnlyList<long> Pts, string Hash)
{
    /// <summary>Reads all audio streams of a file, in order.</summary>
    public static IReadOnlyList<CopiedPackets> ReadAudio(
        MediaTools tools,
        string path,
        ProbedVideo video,
        CancellationToken cancellationToken
    )
    {
        ProbedStream[] audio = [.. video.Streams.Where(s => s.Kind == StreamKind.Audio)];
        if (audio.Length == 0)
        {
            return [];
        }

        Listing[] listings = [.. audio.Select(_ => new Listing())];
        List<string> arguments =
        [
            "-copyts",
            .. InputRules.Open(path, video.Format.Demuxer),
            "-map",
            "0:a",
            "-c",
            "copy",
        ];
        for (int i = 0; i < audio.Length; i++)
        {
            if (audio[i].Codec == "aac")
            {
                // Transport streams wrap each AAC packet in a header that no other container has; without one this does nothing.
                arguments.AddRange([$"-bsf:a:{i}", "aac_adtstoasc"]);
            }
        }

        arguments.AddRange(["-f", "framehash", "-hash", "sha256", "pipe:1"]);
        ToolRun run = ChildTool.CaptureLines(
            tools,
            MediaProgram.Ffmpeg,
            arguments,
            ToolLimits.Copying with
            {
                Purpose = "hash sound",
            },
            line => Take(line, listings),
            cancellationToken
        );
        if (run.ExitCode != 0)
        {
            throw ToolErrors.Decoding(run.Errors);
        }

        CopiedPackets[] packets = [.. listings.Select(l => l.ToPackets())];
        foreach (Listing listing in listings)
        {
            listing.Dispose();
        }

        return packets;
    }

    private static void Take(ReadOnlySpan<byte> line, Listing[] listings)
    {
        // "#tb 0: 1/44100", then "0, dts, pts, duration, size, hash"
        if (line.StartsWith("#tb "u8))
        {
            string[] fields = System.Text.Encoding.ASCII.GetString(line[4..]).Split(':', '/');
            listings[int.Parse(fields[0], CultureInfo.InvariantCulture)].TimeBase = new Rational(
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[2], CultureInfo.InvariantCulture)
            );
            return;
        }

        if (line.IsEmpty || line[0] == (byte)'#' || !Utf8Parser.TryParse(line, out int stream, out _))
        {
            return;
        }

        if (Utf8Parser.TryParse(Field(line, 2).TrimStart((byte)' '), out long pts, out _))
        {
            // Side data, with hashes of its own, may follow; containers write it down differently.
            listings[stream].Add(pts, Field(line, 5));
        }
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)
    {
        for (; number > 0; number--)
        {
            line = line[(line.IndexOf((byte)',') + 1)..];
        }

        int end = line.IndexOf((byte)',');
        return end < 0 ? line : line[..end];
    }

    private sealed class Listing : IDisposable
    {
        private readonly List<long> _pts = [];
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public Rational TimeBase { get; set; } = new(1, 1);

        public void Add(long pts, ReadOnlySpan<byte> packetHash)
        {
            _pts.Add(pts);
            _hash.AppendData(packetHash);
        }

        public CopiedPackets ToPackets() => new(TimeBase, _pts, Convert.ToHexStringLower(_hash.GetHashAndReset()));

        public void Dispose() => _hash.Dispose();
    }
}
