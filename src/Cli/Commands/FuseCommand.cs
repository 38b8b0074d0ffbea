using System.CommandLine;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Orders;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb fuse</c>: put the face of the source into the target.</summary>
internal sealed class FuseCommand
{
    private readonly JobOptions _job = new();
    private readonly FaceOptions _faces = new();

    public static Command Create()
    {
        FuseCommand fuse = new();
        ExampledCommand command = new(
            "fuse",
            "Put the face of a photo into a video or picture",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4",
            "ffb fuse --source me.jpg --source me-left.jpg --target clip.mp4 --output out.mp4 --faces all",
            "ffb fuse --map 1=ann.jpg --map 2=bob.jpg --target clip.mp4 --output out.mp4",
            "ffb fuse --source me.jpg --target photo.jpg --output out.png",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --model inswapper_128 --pixel-boost 512x512 --mask box,occlusion",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --model hyperswap_1a_256 --enhance gfpgan_1.4:60 --detector yolo_face",
            "ffb fuse --target clip.mp4 --output out.mp4 --enhance codeformer",
            "ffb fuse --target clip.mp4 --output out.mp4 --upscale span_kendata_x4:2",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --select many --gender female --ages 20-39",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --select reference --reference-frame 120",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --device cuda,cpu",
            "ffb fuse --source me.jpg --target clip.mp4 --output out.mp4 --work work   # kill it and run it again: it continues"
        );
        fuse._faces.AddTo(command);
        fuse._job.AddTo(command);
        command.SetAction(async parsed =>
            (int)
                await JobRun.RunAsync(
                    fuse.Order(parsed),
                    CommonOptions.Terminal(parsed),
                    parsed.GetValue(fuse._job.DryRun)
                )
        );
        return command;
    }

    internal JobOrder Order(ParseResult parsed)
    {
        (Recipe recipe, IReadOnlyList<PhotosOfIdentity> sources) = _faces.Read(parsed, _job.Encode);
        return new JobOrder
        {
            Target = parsed.GetRequiredValue(_job.Target),
            Output = parsed.GetRequiredValue(_job.Output),
            Sources = sources,
            Recipe = recipe,
            Usage = UsageOption.Read(parsed),
            ChunkFrames = parsed.GetValue(_job.ChunkFrames),
            Workers = parsed.GetValue(_job.Workers),
            Work = parsed.GetValue(_job.Work),
            Device = FleetOptions.ReadDevice(parsed),
        };
    }
}
