using System.CommandLine;
using System.CommandLine.Parsing;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary>Arguments and options that several of the model tools take.</summary>
internal static class ToolOptions
{
    public static Argument<string> In() => new("IN") { Description = "The ONNX file" };

    public static Argument<string> Out() =>
        new("OUT") { Description = "Where the new file is written, once it was found as good as the old one" };

    public static Option<string?> Images() =>
        new("--images")
        {
            Description = "Pictures to run the model on, as its card says they go in; without them, noise alone",
            HelpName = "FOLDER",
        };

    public static Option<string?> Card() =>
        new("--card")
        {
            Description = "Model of the catalogue whose input the file has, where the file itself is not in it",
            HelpName = "ID",
        };

    public static Option<double?> Gate(double otherwise)
    {
        Option<double?> option = new("--gate")
        {
            Description =
                $"Largest relative L2 between old and new that is let through; {otherwise:0.####} if not given",
            HelpName = "NUMBER",
        };
        option.Validators.Add(result => Require(result, value => value > 0, "a number over 0"));
        return option;
    }

    public static void Require(OptionResult result, Func<double, bool> allows, string what)
    {
        foreach (Token token in result.Tokens)
        {
            if (double.TryParse(token.Value, out double value) && !allows(value))
            {
                result.AddError($"{result.Option.Name} takes {what}.");
            }
        }
    }
}
