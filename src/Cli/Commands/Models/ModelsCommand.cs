using System.CommandLine;
using FaceFusion.Batch.Cli.Commands.Models.Toolchain;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models</c>: which models there are, which of them are on this machine, and how the others come onto it.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "models",
            "List, fetch, import, push, verify and remove models",
            "ffb models list",
            "ffb models show inswapper_128",
            "ffb models pull gfpgan_1.4 --yes",
            "ffb models import ~/Downloads/*.onnx",
            "ffb models verify"
        )
        {
            ModelListCommand.Create(),
            ModelShowCommand.Create(),
            ModelPullCommand.Create(),
            ModelImportCommand.Create(),
            ModelPushCommand.Create(),
            ModelVerifyCommand.Create(),
            ModelRemoveCommand.Create(),
            ModelCheckCommand.Create(),
            OptimizeCommand.Create(),
            HalfCommand.Create(),
            BatchOpenCommand.Create(),
            QuantizeCommand.Create(),
            CompareCommand.Create(),
            EngineCommand.Create(),
            ReportCommand.Create(),
        };
}
