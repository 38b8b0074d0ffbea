using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb probe</c>: the target's frame table in short, and what of it would be kept. A target that would be refused is refused here.</summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        Option<string> target = JobOptions.TargetOption("The video or picture to look at");
        ExampledCommand command = new(
            "probe",
            "Show what a target is, what would be kept, and whether it would be refused",
            "ffb probe --target clip.mp4",
            "ffb probe --target clip.mp4 --output-format json"
        );
        command.Options.Add(target);
        command.SetAction(parsed => (int)Run(parsed.GetRequiredValue(target), CommonOptions.Terminal(parsed)));
        return command;
    }

    private static ExitCode Run(string target, Terminal terminal)
    {
        using Interrupts interrupts = new(() => { });
        MediaTools tools = MediaTools.Locate();
        ListedVideo listed = new VideoProbe(tools).ReadWhole(target, interrupts.Stop);
        BuiltFrameTable built = new FrameTableBuilder(tools).Build(target, listed, interrupts.Stop);
        ProbeAnswer answer = ProbeAnswer.Of(target, listed.Video, built);
        terminal.Answer(answer, text => Print(text, answer));
        return ExitCode.Ok;
    }

    private static void Print(Terminal terminal, ProbeAnswer answer)
    {
        VideoFormat format = answer.Format;
        FactTable table = new();
        table.Add("target", answer.Target);
        table.Add(
            "picture",
            $"{format.Width} × {format.Height}, {format.Codec}, {format.PixelFormat}, turned {format.Rotation}°, pixel aspect {format.SampleAspectRatio}, {format.FieldOrder}"
        );
        table.Add(
            "colour",
            $"range {format.ColorRange}, matrix {format.ColorSpace}, transfer {format.ColorTransfer}, primaries {format.ColorPrimaries}"
        );
        if (!format.IsStill)
        {
            table.Add(
                "frames",
                $"{answer.Frames:N0}, {answer.KeyFrames:N0} of them key frames, over {answer.Seconds:0.###} s"
            );
            table.Add(
                "timing",
                $"time base {format.TimeBase}, {(answer.IsConstantFrameRate ? "constant" : "variable")} frame rate, nominal {format.FrameRate.ToDouble():0.###} fps"
            );
            table.Add("frame table", answer.FromPackets ? "from the container's index" : "from one full decode");
        }

        foreach (ProbedStream stream in answer.Streams)
        {
            string language = stream.Tags.TryGetValue("language", out string? tag) ? $", {tag}" : "";
            table.Add(
                $"stream {stream.Index}",
                $"{stream.Kind.ToString().ToLowerInvariant()}, {stream.Codec}{language}"
            );
        }

        if (answer.Chapters > 0)
        {
            table.Add("chapters", $"{answer.Chapters}");
        }

        foreach (string warning in answer.Warnings)
        {
            table.Add("note", warning);
        }

        table.WriteTo(terminal);
        terminal.Line("It can be used as a target.");
    }
}

/// <summary>The answer of <c>ffb probe</c>.</summary>
internal sealed record ProbeAnswer
{
    public int SchemaVersion { get; init; } = Terminal.SchemaVersion;
    public required string Target { get; init; }
    public required long Bytes { get; init; }
    public required VideoFormat Format { get; init; }
    public required int Frames { get; init; }
    public required int KeyFrames { get; init; }
    public required double Seconds { get; init; }
    public required bool IsConstantFrameRate { get; init; }
    public required bool FromPackets { get; init; }
    public required IReadOnlyList<ProbedStream> Streams { get; init; }
    public required int Chapters { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    public static ProbeAnswer Of(string target, ProbedVideo video, BuiltFrameTable built)
    {
        long[] pts = built.Table.Pts;
        return new ProbeAnswer
        {
            Target = target,
            Bytes = video.Bytes,
            Format = video.Format,
            Frames = pts.Length,
            KeyFrames = built.Table.KeyFrames.Length,
            Seconds = Math.Max(built.Table.SecondsAt(pts.Length - 1), video.Format.IsStill ? 0 : video.DurationSeconds),
            IsConstantFrameRate = pts.Zip(pts.Skip(1), (a, b) => b - a).Distinct().Count() <= 1,
            FromPackets = built.FromPackets,
            Streams = video.Streams,
            Chapters = video.Chapters,
            Warnings = [.. video.Warnings, .. built.Warnings],
        };
    }
}
