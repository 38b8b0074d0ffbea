using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// Memory that a run will ask for, by the shapes that the file tells and the sizes that it gives to operators as constants; open axes
/// count as 1. An honest file is estimated well where its exporter kept the shapes. A dishonest one can keep its sizes back: what it then
/// asks for ends at the limits of the child process that tries it (<see cref="ModelTrial"/>).
/// </summary>
internal static class ResourceEstimate
{
    private const string Code = "model-resources";
    private const double Gibibyte = 1L << 30;

    /// <returns>Most bytes alive at the same time, one picture a run, from the shapes that the file tells.</returns>
    public static long Judge(OnnxGraph graph, FindingList findings)
    {
        Dictionary<string, Life> lives = Declared(graph, findings);
        FindLastUses(graph, lives);
        SizeArguments arguments = new(graph);
        // Old files name constants among the inputs; they count twice then, which does no harm.
        double alive = graph.Inputs.Sum(input => lives[input.Name].Bytes);
        double most = alive;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            OnnxNode node = graph.Nodes[i];
            double asked = arguments.BytesOf(node);
            if (asked > AdmissionLimits.WorkingBytes)
            {
                findings.Refuse(
                    Code,
                    $"A {node.Operator} asks for {new Words(Shown(asked))}, more than {AdmissionLimits.WorkingBytes >> 30} GiB."
                );
            }

            alive += node.Outputs.Sum(name => lives.TryGetValue(name, out Life life) ? life.Bytes : 0);
            most = Math.Max(most, alive);
            foreach (string input in node.Inputs)
            {
                // Counted once where a node uses a value twice.
                if (lives.TryGetValue(input, out Life life) && life.LastUse == i)
                {
                    alive -= life.Bytes;
                    lives[input] = life with { LastUse = int.MaxValue };
                }
            }
        }

        if (most > AdmissionLimits.WorkingBytes)
        {
            findings.Refuse(
                Code,
                $"Its values need {new Words(Shown(most))} at the same time, more than {AdmissionLimits.WorkingBytes >> 30} GiB."
            );
        }

        return (long)Math.Min(most, long.MaxValue / 2);
    }

    /// <summary>A double: products beyond 64 bits stay large.</summary>
    public static double CountOf(IEnumerable<long> shape) => shape.Aggregate(1.0, (a, b) => a * Math.Max(b, 0));

    private static Dictionary<string, Life> Declared(OnnxGraph graph, FindingList findings)
    {
        Dictionary<string, Life> lives = new(
            graph.Inputs.Count + graph.Outputs.Count + graph.Values.Count,
            StringComparer.Ordinal
        );
        foreach (OnnxValue value in graph.Values.Concat(graph.Outputs).Concat(graph.Inputs))
        {
            double bytes = BytesOf(value);
            lives[value.Name] = new Life(bytes, int.MaxValue);
            if (bytes > AdmissionLimits.WorkingBytes)
            {
                findings.Refuse(
                    Code,
                    $"The value {value.Name} has {new Words(Shown(bytes))}, more than {AdmissionLimits.WorkingBytes >> 30} GiB."
                );
            }
        }

        return lives;
    }

    private static double BytesOf(OnnxValue value) =>
        value.Shape is null
            ? 0
            : value.Shape.Aggregate((double)value.Type.Size(), (a, d) => a * (d.Length is { } n and >= 0 ? n : 1));

    private static void FindLastUses(OnnxGraph graph, Dictionary<string, Life> lives)
    {
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (string input in graph.Nodes[i].Inputs)
            {
                if (lives.TryGetValue(input, out Life life))
                {
                    lives[input] = life with { LastUse = i };
                }
            }
        }
    }

    private static string Shown(double bytes) =>
        bytes < 1e6 * Gibibyte ? $"{bytes / Gibibyte:0.#} GiB" : "more bytes than any machine has";

    private readonly record struct Life(double Bytes, int LastUse);
}
