using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Coordinator.Preparing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>The media side of assembling: join the segments, copy the rest of the target, verify.</summary>
public sealed class VideoAssembly(MediaTools tools, ProbedBlobs probes, Scratch scratch)
{
    /// <param name="job">The job in assembly.</param>
    /// <param name="chunks">All its chunks, fused, in order.</param>
    /// <param name="scan">Says how often the frames were enlarged.</param>
    /// <param name="folder">For the verified result, which is not there if this throws, and for files on the way; segments may be in it.</param>
    /// <param name="stop">Kills the child process.</param>
    public async Task<JoinedVideo> RunAsync(
        JobRow job,
        IReadOnlyList<ChunkRow> chunks,
        ScanResult scan,
        Scratch.Folder folder,
        CancellationToken stop
    )
    {
        List<JoinSegment> segments = [];
        foreach (ChunkRow chunk in chunks)
        {
            string path = await scratch.FetchAsync(ChunkBlobs.Segment(job, chunk), folder, stop);
            segments.Add(new JoinSegment(chunk.Range, path, chunk.HeaderSha256));
        }

        BlobName tableBlob = BlobName.Parse(job.FrameTableBlob ?? "-");
        string table = await scratch.FetchAsync(tableBlob, folder, stop);
        string target = await scratch.FetchAsync(BlobNames.Target(job.TargetSha256), folder, stop);
        ProbedVideo probed =
            await probes.ReadAsync(tableBlob, stop)
            ?? await Task.Run(() => new VideoProbe(tools).Read(target, stop), stop);
        return await new SegmentJoiner(tools).JoinAsync(
            new JoinOrder
            {
                Target = target,
                Video = probed,
                Table = FrameTable.Load(table),
                Scale = scan.OutputScale,
                Segments = segments,
                // Into the container that the user named, or one that holds everything.
                Output = folder.PathOf("result" + Path.GetExtension(job.OutputPath)),
                ScratchFolder = folder.FullPath,
            },
            stop
        );
    }
}
