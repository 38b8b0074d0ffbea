using System.CommandLine;
using FaceFusion.Batch.Cli.Doctoring;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Devices;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary><c>ffb doctor</c>: what works, what is missing, what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        ExampledCommand command = new(
            "doctor",
            "Look at ffmpeg, ONNX Runtime, models and disk: what works, what is missing, what to do",
            "ffb doctor",
            "ffb doctor --device cuda   # can this GPU be used, and if not, what is missing",
            "ffb doctor --output-format json"
        );
        command.Options.Add(FleetOptions.Device.Option);
        command.SetAction(parsed => (int)Run(FleetOptions.ReadDevice(parsed), CommonOptions.Terminal(parsed)));
        return command;
    }

    private static ExitCode Run(DeviceChoice device, Terminal terminal)
    {
        Finding[] findings = [.. Doctor.Examine(Environment.CurrentDirectory, device)];
        bool healthy = findings.All(f => f.Health != Health.Broken);
        terminal.Answer(
            new
            {
                Terminal.SchemaVersion,
                Healthy = healthy,
                Findings = findings,
            },
            text => Print(text, findings, healthy)
        );
        return healthy ? ExitCode.Ok : ExitCode.Precheck;
    }

    private static void Print(Terminal terminal, Finding[] findings, bool healthy)
    {
        Grid grid = new();
        _ = grid.AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (Finding finding in findings)
        {
            (string sign, Style style) = finding.Health switch
            {
                Health.Good => ("ok", new Style(Color.Green)),
                Health.Lacking => ("lacking", new Style(Color.Yellow)),
                _ => ("broken", new Style(Color.Red)),
            };
            string found = finding.Advice is null ? finding.Found : $"{finding.Found}. {finding.Advice}";
            _ = grid.AddRow(new Text(sign, style), new Text(finding.Subject), new Text(found));
        }

        terminal.Tables.Write(grid);
        terminal.Line(
            healthy ? "Everything that a job needs is there." : "Put right what is broken and run `ffb doctor` again."
        );
    }
}
