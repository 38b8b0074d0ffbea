using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>
/// Joins segments, copies everything else of the target, verifies the file and publishes it by one rename. Whatever goes wrong, the
/// output folder is left as it was.
/// </summary>
public sealed class SegmentJoiner(MediaTools tools)
{
    /// <exception cref="MediaToolException"><c>segments-differ</c>, <c>encode-failed</c>, <c>result-not-exact</c>.</exception>
    /// <exception cref="StorageException"><c>output-folder-missing</c>, <c>output-not-writable</c>, <c>disk-full</c>.</exception>
    public Task<JoinedVideo> JoinAsync(JoinOrder order, CancellationToken cancellationToken = default) =>
        Task.Run(() => Join(order, cancellationToken), cancellationToken);

    private JoinedVideo Join(JoinOrder order, CancellationToken cancellationToken)
    {
        using CpuAccount account = CpuAccount.Open();
        CheckSegments(order);
        // Nobody asks the target again: its bytes are those that were probed.
        ProbedVideo video = order.Video;
        string named = order.Output + (Path.HasExtension(order.Output) ? "" : ResultContainer.ExtensionFor(video));
        ResultContainer container = ResultContainer.For(named, video.Format.IsStill);
        string output = Path.GetFullPath(named);
        string folder = Path.GetDirectoryName(output)!;
        OutputFolder.Check(folder);
        string unique = Guid.NewGuid().ToString("N");
        string part = Path.Combine(folder, $".ffb-{unique}{Path.GetExtension(output)}");
        string scratch = Path.Combine(order.ScratchFolder, $"join-{unique}");
        Directory.CreateDirectory(scratch);
        try
        {
            // What the result's sound must equal is read while the result is written.
            using Beside<IReadOnlyList<CopiedPackets>> sound = new(() =>
                CopiedPackets.ReadAudio(tools, order.Target, video, cancellationToken)
            );
            IEnumerable<string> arguments = container.IsStill
                ? JoinScript.StillArguments(order.Segments[0].Path, container, part)
                : JoinScript.Arguments(tools, order, video, container, WriteList(order, scratch), part);
            ToolRun run = ChildTool.Capture(
                tools,
                MediaProgram.Ffmpeg,
                arguments,
                ToolLimits.Copying with
                {
                    Purpose = "join",
                },
                cancellationToken
            );
            if (run.ExitCode != 0)
            {
                throw ToolErrors.Writing(run.Errors, "writing the result");
            }

            // Nothing writes it any more, so it is read for its hash while it is read for its proof.
            using Beside<string> hash = new(() => FileHash.Of(part, cancellationToken));
            Verification verification = container.IsStill
                ? ResultVerifier.VerifyStill(tools, part, video, order.Scale, cancellationToken)
                : new ResultVerifier(tools).Verify(
                    video,
                    sound.Result(),
                    order.Table,
                    part,
                    container,
                    order.Scale,
                    cancellationToken
                );
            string sha256 = hash.Result();
            Publish(part, output);
            return new JoinedVideo(output, sha256, verification, account.Milliseconds);
        }
        finally
        {
            File.Delete(part);
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static void CheckSegments(JoinOrder order)
    {
        int next = 0;
        foreach (JoinSegment segment in order.Segments)
        {
            if (segment.Range.Start != next || segment.Range.Length < 1)
            {
                throw new ArgumentException($"Segment {segment.Range} does not follow frame {next}.", nameof(order));
            }

            next = segment.Range.End;
        }

        if (next != order.Table.Count)
        {
            throw new ArgumentException($"The segments end at frame {next} of {order.Table.Count}.", nameof(order));
        }

        if (order.Segments.Select(s => s.HeaderSha256).OfType<string>().Distinct().Count() > 1)
        {
            throw new MediaToolException(
                "segments-differ",
                "The segments were encoded with different encoder builds or settings: use one ffmpeg for all workers and run again.",
                isTransient: false
            );
        }
    }

    private static string WriteList(JoinOrder order, string scratch)
    {
        // Links with names of our own: nothing in a path can then be taken for the list's syntax.
        List<string> names = [];
        foreach (JoinSegment segment in order.Segments)
        {
            string name = $"s{names.Count:D6}.mp4";
            File.CreateSymbolicLink(Path.Combine(scratch, name), Path.GetFullPath(segment.Path));
            names.Add(name);
        }

        string list = Path.Combine(scratch, "list.ffconcat");
        File.WriteAllText(list, JoinScript.ConcatList(order, names));
        return list;
    }

    private static void Publish(string part, string output)
    {
        try
        {
            File.Move(part, output, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.NotWritable(output, e);
        }
    }
}
