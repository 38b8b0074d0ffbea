using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Faces.Toolchain.Comparing;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary>How far two models differ, and how fast they are, for people and for programs.</summary>
/// <param name="Gate">Largest relative L2 that is let through.</param>
internal sealed record ParityAnswer(
    double Gate,
    bool Passed,
    IReadOnlyList<ParityRow> Outputs,
    IReadOnlyList<ProviderSpeed> Speeds
)
{
    public static ParityAnswer Of(Comparison comparison, double gate, IReadOnlyList<ProviderSpeed> speeds) =>
        new(
            gate,
            comparison.Worst <= gate,
            [.. comparison.Inputs.SelectMany(i => i.Outputs.Select(o => ParityRow.Of(i, o)))],
            speeds
        );

    public void Print(Terminal terminal)
    {
        RowTable outputs = new("OUTPUT", "INPUTS", "L1", "RELATIVE L2", "MAX ERROR", "COSINE");
        foreach (ParityRow row in Outputs)
        {
            outputs.Add(
                [
                    row.Output,
                    $"{row.Samples} {row.Inputs}",
                    Number(row.L1),
                    Number(row.RelativeL2),
                    Number(row.MaxError),
                    $"{row.Cosine:0.000000}",
                ],
                null
            );
        }

        outputs.WriteTo(terminal);
        RowTable speeds = new("PROVIDER", "OLD MS", "NEW MS", "WHY NOT");
        foreach (ProviderSpeed speed in Speeds)
        {
            speeds.Add(
                [
                    speed.Provider,
                    $"{speed.FirstMilliseconds:0.00}",
                    $"{speed.SecondMilliseconds:0.00}",
                    speed.Refusal ?? "",
                ],
                null
            );
        }

        terminal.Line("");
        speeds.WriteTo(terminal);
    }

    private static string Number(double? value) => value is { } number ? $"{number:0.00e+0}" : "no number";
}

/// <summary>One output over one kind of input; numbers that are none are null, which JSON can say.</summary>
internal sealed record ParityRow(
    string Output,
    string Inputs,
    int Samples,
    double? L1,
    double? RelativeL2,
    double? MaxError,
    double Cosine
)
{
    public static ParityRow Of(InputDifferences inputs, OutputDifference output) =>
        new(
            output.Output,
            inputs.Kind,
            inputs.Samples,
            Finite(output.L1),
            Finite(output.RelativeL2),
            Finite(output.MaxError),
            output.Cosine
        );

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
