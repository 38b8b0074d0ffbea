using System.CommandLine;
using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb scan</c>: who is in the target.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        Option<string> target = JobOptions.TargetOption("The video or picture to look at");
        Option<string?> sheet = new("--sheet")
        {
            Description = "Write a contact sheet (PNG) of the people; its numbers are those of --map",
            HelpName = "FILE.png",
        };
        ExampledCommand command = new(
            "scan",
            "Show who is in a target, with a contact sheet to choose from",
            "ffb scan --target clip.mp4 --sheet people.png",
            "ffb scan --target clip.mp4 --output-format json"
        );
        command.Options.Add(target);
        command.Options.Add(sheet);
        command.Options.Add(FleetOptions.Device.Option);
        command.SetAction(async parsed =>
            (int)
                await ScanRun.RunAsync(
                    parsed.GetRequiredValue(target),
                    parsed.GetValue(sheet),
                    FleetOptions.ReadDevice(parsed),
                    CommonOptions.Terminal(parsed)
                )
        );
        return command;
    }
}
