using System.CommandLine;
using System.Security.Cryptography;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary><c>ffb models check</c>: what a model file is, and whether it may be loaded. It is judged first, and what is admitted is run once in a child.</summary>
internal static class ModelCheckCommand
{
    private const int DefaultSeconds = 300;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "ONNX files", Arity = ArgumentArity.OneOrMore };
        Option<string?> family = new("--family")
        {
            Description = "Compare inputs and outputs with those of this family",
            HelpName = "NAME",
        };
        _ = family.AcceptOnlyFromAmong([.. ModelAdmission.Families]);
        Option<string?> model = new("--model")
        {
            Description = "Compare inputs and outputs with those of this model of the catalogue",
            HelpName = "ID",
        };
        Option<int> seconds = new("--time-limit")
        {
            Description = "Seconds that loading a model and running it once may take",
            DefaultValueFactory = _ => DefaultSeconds,
            HelpName = "SECONDS",
        };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string value }] && int.TryParse(value, out int limit) && limit < 1)
            {
                result.AddError("--time-limit must be at least 1.");
            }
        });
        ExampledCommand command = new(
            "check",
            "Judge model files before anything loads them, then run each once under limits",
            "ffb models check inswapper_128.onnx --model inswapper_128",
            "ffb models check mine.onnx --family gfpgan --output-format json"
        )
        {
            files,
            family,
            model,
            seconds,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(family) is { Implicit: false } && result.GetResult(model) is { Implicit: false })
            {
                result.AddError("--family and --model exclude each other.");
            }
        });
        command.SetAction(
            async (parsed, _) =>
                (int)
                    await RunAsync(
                        parsed.GetRequiredValue(files),
                        parsed.GetValue(family),
                        parsed.GetValue(model),
                        TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                        CommonOptions.Terminal(parsed)
                    )
        );
        return command;
    }

    /// <summary>The card whose contract is due; null: none.</summary>
    /// <exception cref="ModelException">The catalogue has no such model.</exception>
    internal static ModelCard? CardOf(string? family, string? model) =>
        model is not null ? ModelCatalog.Load(Installation.ModelsFolder()).Card(model)
        : family is null ? null
        : new ModelCard
        {
            Id = family,
            Role = "",
            Family = family,
            Licence = "",
        };

    private static async Task<ExitCode> RunAsync(
        string[] files,
        string? family,
        string? model,
        TimeSpan limit,
        Terminal terminal
    )
    {
        using Interrupts interrupts = new(() => { });
        ModelCard? card = CardOf(family, model);
        Lazy<ModelTrialChild> child = new(() => new ModelTrialChild(MediaTools.Locate(), limit));
        List<ModelCheckAnswer> answers = [];
        foreach (string file in files)
        {
            ModelCheckAnswer answer = Judge(file, card);
            if (answer.Admitted)
            {
                TrialAnswer trial = await child.Value.RunAsync(answer, family, model, interrupts.Stop);
                answer = answer.With(trial.Report, ModelCheckText.FindingsOf(trial));
            }

            answers.Add(answer);
        }

        terminal.AnswerList("models", answers, text => answers.ForEach(answer => ModelCheckText.Print(text, answer)));
        foreach (ModelCheckAnswer refused in answers.Where(a => !a.Admitted))
        {
            AdmissionFinding why = refused.Findings[0];
            terminal.Complain(
                $"ffb: The model {Printable.Of(refused.File)} is refused. {Printable.Of(why.Sentence)} ({Printable.Of(why.Code)})"
            );
        }

        return answers.TrueForAll(a => a.Admitted) ? ExitCode.Ok : ExitCode.Precheck;
    }

    private static ModelCheckAnswer Judge(string file, ModelCard? card)
    {
        if (Read(file) is not { } bytes)
        {
            AdmissionFinding large = new("model-format", "It has more than 2 GiB, which no ONNX file can have.", true);
            return new ModelCheckAnswer
            {
                File = file,
                Admitted = false,
                Bytes = new FileInfo(file).Length,
                Findings = [large],
            };
        }

        double start = CpuAccount.ThreadMilliseconds();
        var report = ModelAdmission.Judge(bytes, Path.GetDirectoryName(Path.GetFullPath(file)), card);
        double judged = CpuAccount.ThreadMilliseconds() - start;
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        ModelCheckAnswer answer = ModelCheckAnswer.Of(file, hash, report) with { JudgedMilliseconds = judged };
        return card?.Sha256 is { } expected && !string.Equals(expected, hash, StringComparison.OrdinalIgnoreCase)
            ? answer.With(null, [Other(expected)])
            : answer;
    }

    private static AdmissionFinding Other(string expected) =>
        new(
            "model-hash",
            $"The catalogue expects the SHA-256 {expected}: it is another file, or was changed. With --family it is compared with the family alone.",
            IsRefusal: true
        );

    /// <summary>Null: too large to be one.</summary>
    private static byte[]? Read(string file)
    {
        try
        {
            return new FileInfo(file).Length > Array.MaxLength ? null : File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                "model-file-missing",
                $"The model file {file} cannot be read ({e.Message}).",
                inner: e
            );
        }
    }
}
