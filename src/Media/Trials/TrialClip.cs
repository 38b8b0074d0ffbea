using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Trials;

/// <summary>A small clip that is hard on a codec, to try a card's decoder or encoder with.</summary>
/// <param name="Path">Of the file.</param>
internal sealed record TrialClip(string Path, ProbedVideo Video, FrameTable Table)
{
    private const int FrameCount = 48;

    /// <summary>Motion, noise, B-frames, several references, two groups of pictures, and a size that is no multiple of a macroblock.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="path">Where it is made.</param>
    /// <param name="encoder">Name of the encoder that makes it.</param>
    /// <param name="pixelFormat">Of the frames.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Null: this ffmpeg has no such encoder, or the encoder has no such format.</returns>
    /// <exception cref="Contracts.Errors.FusionException">The clip cannot be read.</exception>
    public static TrialClip? Make(
        MediaTools tools,
        string path,
        string encoder,
        string pixelFormat,
        CancellationToken stop
    )
    {
        string[] arguments =
        [
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=330x250:r=30,noise=alls=12:allf=t",
            "-frames:v",
            $"{FrameCount}",
            "-g",
            $"{FrameCount / 2}",
            "-pix_fmt",
            pixelFormat,
            "-c:v",
            encoder,
            "-preset",
            "medium",
            "-threads",
            "1",
            "-y",
            path,
        ];
        ToolRun run = ChildTool.Capture(
            tools,
            MediaProgram.Ffmpeg,
            arguments,
            ToolLimits.Encoding(330 * 250 * 3 / 2),
            stop
        );
        if (run.ExitCode != 0)
        {
            return null;
        }

        ProbedVideo video = new VideoProbe(tools).Read(path, stop);
        return new TrialClip(path, video, new FrameTableBuilder(tools).Build(path, video, stop).Table);
    }
}
