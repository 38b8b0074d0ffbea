using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>The media side of preparing: probe the target, refuse what could not be kept, and write its frame table.</summary>
public sealed class VideoPreparation(MediaTools tools)
{
    /// <summary>Blocking: runs ffprobe, and a whole decode where packets cannot be trusted.</summary>
    /// <param name="job">The job: its encoder and container must be able to hold the target.</param>
    /// <param name="targetPath">The target as a local file.</param>
    /// <param name="frameTablePath">Where the frame table goes.</param>
    /// <param name="stop">Kills the child process.</param>
    public PreparedVideo Run(JobRow job, string targetPath, string frameTablePath, CancellationToken stop)
    {
        using CpuAccount account = CpuAccount.Open();
        ListedVideo listed = new VideoProbe(tools).ReadWhole(targetPath, stop) with
        {
            IsDistrusted = job.DistrustsPackets,
        };
        ProbedVideo probed = listed.Video;
        List<string> warnings = [.. probed.Warnings];
        if (job.Kind == JobKind.Fuse)
        {
            string extension = Path.GetExtension(job.OutputPath) ?? ResultContainer.ExtensionFor(probed);
            warnings.AddRange(ResultContainer.For("result" + extension, probed.Format.IsStill).Check(probed));
            if (job.OutputPath is null && extension is not (".mp4" or ".png"))
            {
                warnings.Add($"The result is an {extension[1..]} file: mp4 does not hold every stream of the target.");
            }

            warnings.AddRange(EncoderChoice.For(ResultFormat(probed, job), job.Recipe.Encode, tools).Warnings);
        }

        BuiltFrameTable built = new FrameTableBuilder(tools).Build(targetPath, listed, stop);
        built.Table.Save(frameTablePath);
        warnings.AddRange(built.Warnings);
        return new PreparedVideo(probed, built.Table.Count, warnings, account.Milliseconds);
    }

    /// <summary>How often a model enlarges is known where it lies; until the scan has said it, the least that it can be.</summary>
    private static VideoFormat ResultFormat(ProbedVideo probed, JobRow job) =>
        job.Recipe.Processors.OfType<UpscaleStep>().FirstOrDefault() is { } upscale
            ? FrameFormats.Enlarged(probed.Format, upscale.OutputScale ?? 2)
            : probed.Format;
}
