using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>Asks ffprobe in JSON, and says why it would not answer.</summary>
internal sealed class ProbeChild(MediaTools tools)
{
    /// <param name="photo">Demuxer of the photo; null: it is a video.</param>
    public JsonDocument Ask(
        string path,
        string? photo,
        string[] questions,
        ToolLimits limits,
        CancellationToken cancellationToken,
        out ToolRun run
    )
    {
        run = ChildTool.Capture(
            tools,
            MediaProgram.Ffprobe,
            Arguments(path, photo, questions),
            limits,
            cancellationToken
        );
        if (run.ExitCode != 0)
        {
            throw ToolErrors.Opening(run.Errors, StartsLikeMp4(path));
        }

        ThrowIfTooLarge(run);
        try
        {
            return JsonDocument.Parse(run.Output);
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }
    }

    /// <summary>The header of a video and all its packets. A run that failed after the file was open is not refused here.</summary>
    public HeaderAndPackets AskForPackets(
        string path,
        string purpose,
        CancellationToken cancellationToken,
        out ToolRun run
    )
    {
        HeaderAndPackets answer = new();
        try
        {
            run = ChildTool.CaptureLines(
                tools,
                MediaProgram.Ffprobe,
                Arguments(path, null, HeaderAndPackets.Questions),
                ToolLimits.Probing with
                {
                    Purpose = purpose,
                },
                answer.Take,
                cancellationToken,
                longestLine: HeaderAndPackets.LongestLine
            );
            bool isOpen = run.ExitCode == 0 || answer.Header.TryGetProperty("streams", out _);
            if (!isOpen)
            {
                throw ToolErrors.Opening(run.Errors, StartsLikeMp4(path));
            }

            ThrowIfTooLarge(run);
            _ = answer.Header;
            return answer;
        }
        catch (JsonException e)
        {
            answer.Dispose();
            throw Broken(e);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>By ffprobe's word: the file ends before its last packet does.</summary>
    public static bool IsCut(ToolRun run) =>
        run.ExitCode != 0
        || run.Errors.Contains("partial file", StringComparison.OrdinalIgnoreCase)
        || run.Errors.Contains("ended prematurely", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Arguments(string path, string? photo, string[] questions) =>
        [
            .. questions,
            "-of",
            "json=compact=1",
            .. InputRules.Open(path, photo ?? InputRules.VideoDemuxers, asPhoto: photo is not null),
        ];

    private static void ThrowIfTooLarge(ToolRun run)
    {
        if (run.Errors.Contains("exceeds specified max pixel", StringComparison.Ordinal))
        {
            throw ToolErrors.TooLarge(); // ffprobe refuses to decode it, says so, and ends well all the same.
        }
    }

    private static bool StartsLikeMp4(string path)
    {
        Span<byte> head = stackalloc byte[12];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, 12, throwOnEndOfStream: false) == 12 && head[4..8].SequenceEqual("ftyp"u8);
    }

    private static MediaToolException Broken(JsonException e) =>
        new(
            "ffmpeg-broken",
            "ffprobe answered with something that is not JSON: check its installation.",
            isTransient: true,
            e
        );
}
