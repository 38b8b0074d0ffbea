using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// Operators, and the order of the graph: every value has one maker and is made before it is used. With that there is no cycle, and nothing
/// in the file that the report does not tell.
/// </summary>
internal static class GraphRules
{
    private const string Code = "model-graph";

    public static void Judge(OnnxGraph graph, FindingList findings)
    {
        int values = graph.Inputs.Count + graph.Initializers.Count + graph.Nodes.Sum(n => n.Outputs.Count);
        HashSet<string> made = new(values, StringComparer.Ordinal);
        HashSet<string> constants = new(graph.Initializers.Count, StringComparer.Ordinal);
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            Make(constants, tensor.Name, "a constant", findings);
        }

        foreach (OnnxValue input in graph.Inputs)
        {
            Make(made, input.Name, "an input", findings);
            // Old files name their constants among the inputs too.
            if (!constants.Contains(input.Name))
            {
                JudgeEnd(input, "input", findings);
                if (input.Shape?.Any(d => d.Length == 0) == true)
                {
                    findings.Refuse(
                        "model-value",
                        $"The input {input.Name} takes nothing: one of its axes has the length 0."
                    );
                }
            }
        }

        made.UnionWith(constants);
        foreach (OnnxNode node in graph.Nodes)
        {
            OperatorRules.Judge(node, findings);
            JudgeOrder(node, made, findings);
        }

        JudgeOutputs(graph, made, findings);
        foreach (OnnxValue value in graph.Values)
        {
            JudgeShape(value, "value", findings);
        }
    }

    private static void JudgeOrder(OnnxNode node, HashSet<string> made, FindingList findings)
    {
        foreach (string input in node.Inputs)
        {
            if (input.Length > 0 && !made.Contains(input))
            {
                findings.Refuse(
                    Code,
                    $"A {node.Operator} uses the value {input} before any node makes it: export it again."
                );
            }
        }

        if (node.Outputs.TrueForAll(name => name.Length == 0))
        {
            findings.Refuse(Code, $"A {node.Operator} makes nothing: export it again.");
        }

        foreach (string output in node.Outputs.Where(name => name.Length > 0))
        {
            Make(made, output, "the result of a node", findings);
        }
    }

    private static void JudgeOutputs(OnnxGraph graph, HashSet<string> made, FindingList findings)
    {
        if (graph.Outputs.Count == 0)
        {
            findings.Refuse(Code, $"It has no output.");
        }

        HashSet<string> outputs = new(StringComparer.Ordinal);
        foreach (OnnxValue output in graph.Outputs)
        {
            Make(outputs, output.Name, "an output", findings);
            JudgeEnd(output, "output", findings);
            if (output.Name.Length > 0 && !made.Contains(output.Name))
            {
                findings.Refuse(Code, $"No node makes its output {output.Name}: export it again.");
            }
        }
    }

    private static void Make(HashSet<string> made, string name, string what, FindingList findings)
    {
        if (name.Length == 0)
        {
            findings.Refuse(Code, $"It has {new Words(what)} without a name: export it again.");
        }
        else if (!made.Add(name))
        {
            findings.Refuse(Code, $"Two values have the name {name}, one of them {new Words(what)}: export it again.");
        }
    }

    private static void JudgeEnd(OnnxValue value, string what, FindingList findings)
    {
        if (!value.IsTensor || value.Type.Size() == 0)
        {
            findings.Refuse(
                "model-value",
                $"The {new Words(what)} {value.Name} is no tensor of numbers: export it again with tensors alone."
            );
        }

        JudgeShape(value, what, findings);
    }

    private static void JudgeShape(OnnxValue value, string what, FindingList findings)
    {
        if (value.Shape?.Any(d => d.Length < -1) == true)
        {
            findings.Refuse(
                "model-value",
                $"The {new Words(what)} {value.Name} has an axis of negative length: the file is damaged or made up."
            );
        }
        else if (value.Shape?.Any(d => d.Length == -1) == true)
        {
            findings.Warn(
                "axis-negative",
                $"The {new Words(what)} {value.Name} has an axis of the length -1, which is taken as open."
            );
        }
    }
}
