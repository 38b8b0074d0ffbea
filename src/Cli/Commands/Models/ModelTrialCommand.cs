using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>
/// <c>ffb model-trial</c>, which <see cref="ModelTrialChild"/> starts under limits: loads the file in the runtime and runs it once. Its last
/// line on stdout is a <see cref="TrialAnswer"/>; without one, it did not live to say so.
/// </summary>
internal static class ModelTrialCommand
{
    public const string Name = "model-trial";
    public const string Hash = "--sha256";
    public const string Family = "--family";
    public const string Model = "--model";
    public const string Beside = "--beside";

    public static Command Create()
    {
        Argument<string> file = new("FILE");
        Option<string> sha256 = new(Hash) { Required = true };
        Option<string?> family = new(Family);
        Option<string?> model = new(Model);
        Option<bool> beside = new(Beside);
        Command command = new(Name, "What `ffb models check` starts for each file")
        {
            file,
            sha256,
            family,
            model,
            beside,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            ModelCard? card = ModelCheckCommand.CardOf(parsed.GetValue(family), parsed.GetValue(model));
            TrialAnswer answer = Try(
                parsed.GetRequiredValue(file),
                parsed.GetRequiredValue(sha256),
                card,
                parsed.GetValue(beside)
            );
            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(answer));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static TrialAnswer Try(string file, string sha256, ModelCard? card, bool beside)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            {
                return new TrialAnswer(null, "model-hash", "It was changed while it was checked: check it again.");
            }

            return new TrialAnswer(ModelTrial.Run(bytes, card, beside ? file : null), null, null);
        }
        catch (ModelException e)
        {
            return new TrialAnswer(null, e.Code, e.Message);
        }
        catch (OutOfMemoryException)
        {
            return new TrialAnswer(null, "resource-exhausted", "It needs more memory than a trial may have.");
        }
        catch (IOException e)
        {
            return new TrialAnswer(null, "model-file-missing", $"It cannot be read ({e.Message}).");
        }
    }
}

/// <summary>The report, or why there is none.</summary>
internal sealed record TrialAnswer(TrialReport? Report, string? Code, string? Sentence);
