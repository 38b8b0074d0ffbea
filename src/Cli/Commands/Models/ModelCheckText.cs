using System.Globalization;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Admission;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>The words of <c>ffb models check</c>. All names are the file's: they are made safe to print.</summary>
internal static class ModelCheckText
{
    private const int MostShown = 12;

    public static IEnumerable<AdmissionFinding> FindingsOf(TrialAnswer trial)
    {
        if (trial.Report is null)
        {
            yield return new AdmissionFinding(trial.Code ?? "model-crash", trial.Sentence ?? "", IsRefusal: true);
            yield break;
        }

        foreach (TrialOutput output in trial.Report.Outputs.Where(o => o.NonFinite > 0))
        {
            // Some honest networks divide by the length of what they are given.
            yield return new AdmissionFinding(
                "not-finite",
                $"With zeros for its inputs, {output.NonFinite} values of its output {Printable.Of(output.Name)} are infinite or no number.",
                IsRefusal: false
            );
        }
    }

    public static void Print(Terminal terminal, ModelCheckAnswer answer)
    {
        FactTable table = new();
        table.Add("file", Printable.Of(answer.File));
        table.Add("verdict", answer.Admitted ? "admitted" : "refused");
        table.Add("sha-256", answer.Sha256 ?? "not taken");
        table.Add("size", Text($"{answer.Bytes:N0} bytes"));
        if (answer.Nodes > 0)
        {
            AddGraph(table, answer);
        }

        if (answer.Trial is { } trial)
        {
            table.Add(
                "trial",
                Text($"loaded in {trial.LoadMilliseconds:0} ms, ran once in {trial.RunMilliseconds:0} ms")
            );
            foreach (TrialOutput output in trial.Outputs.Take(MostShown))
            {
                table.Add("gave", Printable.Of($"{output.Name} {string.Join(" × ", output.Shape)}"));
            }
        }

        foreach (AdmissionFinding finding in answer.Findings)
        {
            table.Add(finding.IsRefusal ? "refused" : "note", Printable.Of($"{finding.Sentence} ({finding.Code})"));
        }

        table.WriteTo(terminal);
        terminal.Line("");
    }

    private static void AddGraph(FactTable table, ModelCheckAnswer answer)
    {
        table.Add(
            "format",
            Printable.Of(
                $"operators of version {answer.Opset}, file format {answer.IrVersion}, written by {Writer(answer.Producer)}"
            )
        );
        table.Add(
            "graph",
            Text($"{answer.Nodes:N0} nodes, {answer.Initializers:N0} constants of {answer.InitializerBytes:N0} bytes")
        );
        string more = answer.Operators.Count > MostShown ? Text($" and {answer.Operators.Count - MostShown} more") : "";
        table.Add(
            "operators",
            Printable.Of(
                string.Join(", ", answer.Operators.Take(MostShown).Select(o => $"{o.Operator} {o.Count}")) + more
            )
        );
        table.Add(
            "works in",
            answer.WorkingBytes > 0 ? Text($"{answer.WorkingBytes:N0} bytes, as far as it tells") : "not told"
        );
        AddValues(table, "input", answer.Inputs);
        AddValues(table, "output", answer.Outputs);
        table.Add("batch", answer.DynamicBatch ? "open" : "fixed");
        if (answer.DynamicAxes.Count > 0)
        {
            table.Add("open axes", Printable.Of(string.Join(", ", answer.DynamicAxes.Take(MostShown))));
        }

        if (answer.Family is { } family)
        {
            table.Add("family", family);
        }
    }

    private static string Writer(string producer) => producer.Length > 0 ? producer : "a program that does not tell";

    private static void AddValues(FactTable table, string name, IReadOnlyList<CheckedValue> values)
    {
        foreach (CheckedValue value in values.Take(MostShown))
        {
            string shape = value.Shape is null ? "of a shape that is not told" : string.Join(" × ", value.Shape);
            table.Add(name, Printable.Of($"{value.Name} {value.Type} {shape}"));
        }

        if (values.Count > MostShown)
        {
            table.Add(name, Text($"and {values.Count - MostShown} more"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
