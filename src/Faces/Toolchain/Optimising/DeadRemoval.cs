using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>Removes nodes and constants that no output of the model depends on, and what is told of values that are no more.</summary>
internal sealed class DeadRemoval : IGraphPass
{
    public string Name => "dead nodes and constants";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        GraphView view = new(graph);
        HashSet<OnnxNode> alive = [];
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            // Users stand behind makers, so they were judged before.
            OnnxNode node = graph.Nodes[i];
            if (node.Outputs.Exists(name => view.IsOutput(name) || view.Users(name).Any(alive.Contains)))
            {
                _ = alive.Add(node);
            }
        }

        _ = graph.Nodes.RemoveAll(node => !alive.Contains(node));
        view = new GraphView(graph);
        _ = graph.Initializers.RemoveAll(t => !view.IsOutput(t.Name) && view.Users(t.Name).Count == 0);
        _ = graph.Values.RemoveAll(v => view.Maker(v.Name) is null || view.IsOutput(v.Name));
    }
}
