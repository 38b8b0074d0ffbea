using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Cli.Commands.Submit;

/// <summary>A plan for people to read.</summary>
internal static class PlanTable
{
    public static void Print(Terminal terminal, ApiPlanAnswer plan)
    {
        FactTable table = new();
        table.Add("frames", $"about {plan.Plan.Frames:N0}");
        table.Add("chunks", $"{plan.Plan.Chunks:N0}, {plan.Plan.SlotsAssumed} at a time with the workers of now");
        foreach (GateVerdict gate in plan.Gates)
        {
            table.Add("gate", Printable.Of($"{gate.Gate}: {gate.Verdict} ({gate.Note})"));
        }

        table.WriteTo(terminal);
        terminal.Line("No job was made: leave --dry-run out to make it. The files are uploaded and not sent again.");
    }
}
