using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>Who makes and who uses each value of a graph, as it was when this was made: after a change, make another.</summary>
internal sealed class GraphView
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _captured = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names;

    public GraphView(OnnxGraph graph)
    {
        _graph = graph;
        _outputs = [.. graph.Outputs.Select(o => o.Name)];
        _names = [.. graph.Inputs.Select(i => i.Name), .. _outputs];
        HashSet<string> inputs = [.. graph.Inputs.Select(i => i.Name)];
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            _ = _names.Add(tensor.Name);
            if (!inputs.Contains(tensor.Name))
            {
                _constants[tensor.Name] = tensor;
            }
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string output in node.Outputs.Where(name => name.Length > 0))
            {
                _makers[output] = node;
                _ = _names.Add(output);
            }

            foreach (string input in node.Inputs.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal))
            {
                Use(input, node);
            }

            foreach (string name in Subgraphs(node).SelectMany(NamesUsed).Distinct(StringComparer.Ordinal))
            {
                _ = _captured.Add(name);
                Use(name, node);
            }
        }
    }

    /// <summary>The node with this output; null for inputs and constants.</summary>
    public OnnxNode? Maker(string value) => _makers.GetValueOrDefault(value);

    /// <summary>Nodes that take the value, each once, also from within their graphs.</summary>
    public IReadOnlyList<OnnxNode> Users(string value) => _users.TryGetValue(value, out List<OnnxNode>? all) ? all : [];

    /// <summary>The constant with this name, unless a caller may give another in its place.</summary>
    public OnnxTensor? Constant(string value) => _constants.GetValueOrDefault(value);

    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>Its name is used by a graph within a node, or is the model's own: it cannot change.</summary>
    public bool IsFixed(string value) => IsOutput(value) || _captured.Contains(value);

    /// <summary>Nothing but this node takes the value.</summary>
    public bool IsOnlyUse(string value, OnnxNode node) =>
        !IsFixed(value) && Users(value) is [OnnxNode only] && ReferenceEquals(only, node);

    /// <summary>Lets nodes take another value in the place of one that no graph within a node uses.</summary>
    public void ReplaceUses(string value, string other)
    {
        foreach (OnnxNode node in Users(value))
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = node.Inputs[i] == value ? other : node.Inputs[i];
            }
        }
    }

    /// <summary>A name that no value has.</summary>
    public string Fresh(string stem)
    {
        string name = stem;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = $"{stem}_{i}";
        }

        return name;
    }

    /// <summary>Adds a constant under a name of its own and returns the name.</summary>
    public string Add(string stem, OnnxTensor tensor)
    {
        OnnxTensor named = tensor.Named(Fresh(stem));
        _graph.Initializers.Add(named);
        _constants[named.Name] = named;
        return named.Name;
    }

    public static IEnumerable<OnnxGraph> Subgraphs(OnnxNode node) =>
        node.Attributes.SelectMany(a => a.Graph is null ? a.Graphs : [a.Graph, .. a.Graphs]);

    private void Use(string value, OnnxNode node)
    {
        if (!_users.TryGetValue(value, out List<OnnxNode>? users))
        {
            _users[value] = users = [];
        }

        if (users.Count == 0 || !ReferenceEquals(users[^1], node))
        {
            users.Add(node);
        }
    }

    /// <summary>More than the names from outside, which does no harm: a name that is only used is never freed by mistake.</summary>
    private static IEnumerable<string> NamesUsed(OnnxGraph graph) =>
        graph
            .Nodes.SelectMany(n => n.Inputs.Concat(Subgraphs(n).SelectMany(NamesUsed)))
            .Concat(graph.Outputs.Select(o => o.Name));
}
