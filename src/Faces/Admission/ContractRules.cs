using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// A model's inputs and outputs, as its file tells them, against those of its family. What comes out otherwise at work is
/// <c>model-contract</c>.
/// </summary>
internal static class ContractRules
{
    private const string Code = "model-shape";

    public static void Judge(FamilyContract contract, ModelCard card, AdmissionReport facts, FindingList findings)
    {
        (int width, int height) = contract.IsSizeFree ? (0, 0) : SizeOf(contract, card);
        foreach (InputContract due in contract.Inputs)
        {
            JudgeInput(due, contract.Family, width, height, facts.Inputs, findings);
        }

        foreach (OnnxValue input in facts.Inputs)
        {
            if (!contract.Inputs.Any(due => due.Name == input.Name))
            {
                findings.Refuse(
                    Code,
                    $"It has an input {input.Name}, which models of the family {contract.Family} have not."
                );
            }
        }

        JudgeOutputs(contract, width, height, facts.Outputs, findings);
        if (facts is { HasDynamicBatch: false, Inputs: [{ Shape: [{ Length: { } batch }, ..] }, ..] })
        {
            findings.Warn(
                "batch-fixed",
                $"Its batch is fixed at {batch}: that many faces go through a run, and no others."
            );
        }
    }

    /// <summary>Width and height of the family's picture for this card; 0 where neither tells.</summary>
    public static (int Width, int Height) SizeOf(FamilyContract contract, ModelCard card)
    {
        int size = card.Tiles?.Size ?? contract.Size;
        return card.Input is { Width: > 0, Height: > 0 } input ? (input.Width, input.Height) : (size, size);
    }

    private static void JudgeInput(
        InputContract due,
        string family,
        int width,
        int height,
        IReadOnlyList<OnnxValue> inputs,
        FindingList findings
    )
    {
        OnnxValue? found = inputs.FirstOrDefault(input => input.Name == due.Name);
        Words shape = new(due.Shape.ToText(width, height));
        if (found is null)
        {
            if (!due.IsOptional)
            {
                findings.Refuse(
                    Code,
                    $"It has no input {due.Name} of {shape}, which every model of the family {family} has."
                );
            }
        }
        else if (!due.Takes(found.Type))
        {
            findings.Refuse(
                Code,
                $"Its input {due.Name} is of the type {new Words(found.Type.ToString())}, and {new Words(due.Type?.ToString() ?? "Float or Half")} is due in the family {family}."
            );
        }
        else if (!due.Shape.Fits(found.Shape, width, height))
        {
            findings.Refuse(
                Code,
                $"Its input {due.Name} is {Shown(found)}, and {shape} is due in the family {family}."
            );
        }
    }

    private static void JudgeOutputs(
        FamilyContract contract,
        int width,
        int height,
        IReadOnlyList<OnnxValue> outputs,
        FindingList findings
    )
    {
        int due = contract.Outputs.Count;
        if (outputs.Count < due || (outputs.Count > due && !contract.MayGiveMore))
        {
            findings.Refuse(
                Code,
                $"It has {outputs.Count} outputs, and models of the family {contract.Family} have {due}{new Words(contract.MayGiveMore ? " or more" : "")}."
            );
            return;
        }

        for (int i = 0; i < due; i++)
        {
            OutputContract one = contract.Outputs[i];
            OnnxValue? found = one.Name is null ? outputs[i] : outputs.FirstOrDefault(o => o.Name == one.Name);
            if (found is null)
            {
                findings.Refuse(
                    Code,
                    $"It has no output {one.Name!}, which every model of the family {contract.Family} has."
                );
            }
            else if (!one.Shape.Fits(found.Shape, width, height))
            {
                findings.Refuse(
                    Code,
                    $"Its output {found.Name} is {Shown(found)}, and {new Words(one.Shape.ToText(width, height))} is due in the family {contract.Family}."
                );
            }
        }
    }

    private static string Shown(OnnxValue value) => string.Join(" × ", value.Shape ?? []);
}
