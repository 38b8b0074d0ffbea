using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Precision;

/// <summary>Writes a graph anew so that each node of the plan finds its values in halves, and every other in single precision.</summary>
internal sealed class HalfRewrite
{
    private readonly OnnxGraph _graph;
    private readonly HalfPlan _plan;
    private readonly bool _keepInterface;
    private readonly GraphView _view;
    private readonly List<OnnxNode> _nodes = [];

    // Under which name a value is there in either precision.
    private readonly Dictionary<string, string> _halves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _singles = new(StringComparer.Ordinal);

    public HalfRewrite(OnnxModel model, HalfPlan plan, bool keepInterface)
    {
        _graph = model.Graph;
        _plan = plan;
        _keepInterface = keepInterface;
        _view = new GraphView(model.Graph);
    }

    public void Apply()
    {
        Constants();
        Interface(_graph.Inputs);
        foreach (OnnxNode node in _graph.Nodes)
        {
            bool isHalf = _plan.Halves.Contains(node);
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = _plan.Singles.Contains(node.Inputs[i]) ? Take(node.Inputs[i], isHalf) : node.Inputs[i];
            }

            if (isHalf)
            {
                Attributes(node);
            }

            _nodes.Add(node);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                node.Outputs[i] = _plan.Singles.Contains(node.Outputs[i])
                    ? Make(node.Outputs[i], isHalf)
                    : node.Outputs[i];
            }
        }

        _graph.Nodes.Clear();
        _graph.Nodes.AddRange(_nodes);
        Interface(_graph.Outputs);
        // The runtime finds out the types in between for itself.
        _graph.Values.Clear();
    }

    /// <summary>A constant that only nodes in halves take is stored so.</summary>
    private void Constants()
    {
        for (int i = 0; i < _graph.Initializers.Count; i++)
        {
            OnnxTensor tensor = _graph.Initializers[i];
            if (tensor.Type != OnnxType.Float)
            {
                continue;
            }

            bool isHalf =
                _view.Constant(tensor.Name) is not null
                && !_view.IsFixed(tensor.Name)
                && _view.Users(tensor.Name).All(_plan.Halves.Contains);
            if (isHalf)
            {
                _graph.Initializers[i] = TensorValues.To(tensor, OnnxType.Half);
            }

            (isHalf ? _halves : _singles)[tensor.Name] = tensor.Name;
        }
    }

    private void Interface(List<OnnxValue> values)
    {
        bool isInput = ReferenceEquals(values, _graph.Inputs);
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Type != OnnxType.Float)
            {
                continue;
            }

            string name = values[i].Name;
            values[i] = _keepInterface ? values[i] : values[i] with { Type = OnnxType.Half };
            if (isInput)
            {
                (_keepInterface ? _singles : _halves)[name] = name;
            }
        }
    }

    /// <summary>The name under which the value is there in this precision, cast if it is not yet.</summary>
    private string Take(string value, bool isHalf)
    {
        Dictionary<string, string> into = isHalf ? _halves : _singles;
        if (!into.TryGetValue(value, out string? name))
        {
            name = _view.Fresh(isHalf ? $"{value}_half" : $"{value}_single");
            Cast((isHalf ? _singles : _halves)[value], name, isHalf);
            into[value] = name;
        }

        return name;
    }

    /// <summary>The name under which a node makes the value, cast at once where its own name is due in the other precision.</summary>
    private string Make(string value, bool isHalf)
    {
        bool ownIsHalf = _view.IsFixed(value) ? _view.IsOutput(value) && !_keepInterface : isHalf;
        if (ownIsHalf == isHalf)
        {
            (isHalf ? _halves : _singles)[value] = value;
            return value;
        }

        string made = _view.Fresh(isHalf ? $"{value}_half" : $"{value}_single");
        (isHalf ? _halves : _singles)[value] = made;
        (isHalf ? _singles : _halves)[value] = value;
        Cast(made, value, ownIsHalf);
        return made;
    }

    private void Cast(string value, string result, bool toHalf)
    {
        OnnxNode cast = new() { Name = $"cast_{result}", Operator = "Cast" };
        cast.Inputs.Add(value);
        cast.Outputs.Add(result);
        cast.Attributes.Add(OnnxAttribute.Of("to", (long)(toHalf ? OnnxType.Half : OnnxType.Float)));
        _nodes.Add(cast);
    }

    /// <summary>Nodes that name the type of what they make.</summary>
    private static void Attributes(OnnxNode node)
    {
        if (node.Operator == "Cast" && node.Integer("to", 0) == (long)OnnxType.Float)
        {
            node.Set(OnnxAttribute.Of("to", (long)OnnxType.Half));
        }
        else if (node.Operator == "ConstantOfShape")
        {
            OnnxTensor value = node.Find("value")?.Tensor ?? OnnxTensor.Of("value", [1], [0f]);
            node.Set(OnnxAttribute.Of("value", TensorValues.To(value, OnnxType.Half)));
        }
    }
}
