namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Writes an ONNX file; the same model gives the same bytes. Tensors are written as raw data.</summary>
public static class OnnxWriter
{
    public static byte[] Write(OnnxModel model)
    {
        WireWriter file = new();
        file.Integer(1, model.IrVersion);
        file.Text(2, model.Producer);
        file.Message(7, Graph(model.Graph));
        foreach ((string domain, long version) in model.Opsets)
        {
            WireWriter opset = new();
            opset.Text(1, domain);
            opset.Integer(2, version);
            file.Message(8, opset);
        }

        foreach ((string key, string value) in model.Metadata)
        {
            file.Message(14, Entry(key, value));
        }

        return file.ToArray();
    }

    private static WireWriter Graph(OnnxGraph graph)
    {
        WireWriter message = new();
        graph.Nodes.ForEach(node => message.Message(1, Node(node)));
        message.Text(2, graph.Name);
        graph.Initializers.ForEach(tensor => message.Message(5, Tensor(tensor)));
        graph.Inputs.ForEach(value => message.Message(11, Value(value)));
        graph.Outputs.ForEach(value => message.Message(12, Value(value)));
        graph.Values.ForEach(value => message.Message(13, Value(value)));
        return message;
    }

    private static WireWriter Node(OnnxNode node)
    {
        WireWriter message = new();
        node.Inputs.ForEach(name => message.Text(1, name));
        node.Outputs.ForEach(name => message.Text(2, name));
        message.Text(3, node.Name);
        message.Text(4, node.Operator);
        node.Attributes.ForEach(attribute => message.Message(5, Attribute(attribute)));
        if (node.Domain.Length > 0)
        {
            message.Text(7, node.Domain);
        }

        return message;
    }

    private static WireWriter Attribute(OnnxAttribute attribute)
    {
        WireWriter message = new();
        message.Text(1, attribute.Name);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Float:
                message.Float(2, attribute.Float);
                break;
            case OnnxAttributeKind.Integer:
                message.Integer(3, attribute.Integer);
                break;
            case OnnxAttributeKind.Text:
                message.Text(4, attribute.Text);
                break;
            case OnnxAttributeKind.Tensor:
                message.Message(5, Tensor(attribute.Tensor!));
                break;
            case OnnxAttributeKind.Graph:
                message.Message(6, Graph(attribute.Graph!));
                break;
            default:
                Many(message, attribute);
                break;
        }

        message.Integer(20, (long)attribute.Kind);
        return message;
    }

    private static void Many(WireWriter message, OnnxAttribute attribute)
    {
        foreach (float value in attribute.Floats)
        {
            message.Float(7, value);
        }

        foreach (long value in attribute.Integers)
        {
            message.Integer(8, value);
        }

        foreach (string value in attribute.Texts)
        {
            message.Text(9, value);
        }

        foreach (OnnxTensor value in attribute.Tensors)
        {
            message.Message(10, Tensor(value));
        }

        foreach (OnnxGraph value in attribute.Graphs)
        {
            message.Message(11, Graph(value));
        }
    }

    private static WireWriter Tensor(OnnxTensor tensor)
    {
        WireWriter message = new();
        foreach (long length in tensor.Shape)
        {
            message.Integer(1, length);
        }

        message.Integer(2, (long)tensor.Type);
        message.Text(8, tensor.Name);
        if (tensor.External is not null)
        {
            foreach ((string key, string value) in tensor.External)
            {
                message.Message(13, Entry(key, value));
            }

            message.Integer(14, 1);
        }
        else
        {
            message.Bytes(9, tensor.Data.Span);
        }

        return message;
    }

    private static WireWriter Value(OnnxValue value)
    {
        if (value.Type == OnnxType.Undefined)
        {
            // A value of which only the name is told: whoever loads the file finds out its type.
            WireWriter name = new();
            name.Text(1, value.Name);
            return name;
        }

        WireWriter tensor = new();
        tensor.Integer(1, (long)value.Type);
        if (value.Shape is not null)
        {
            WireWriter shape = new();
            foreach (OnnxDimension dimension in value.Shape)
            {
                WireWriter one = new();
                if (dimension.Length is { } length)
                {
                    one.Integer(1, length);
                }
                else if (dimension.Symbol.Length > 0)
                {
                    one.Text(2, dimension.Symbol);
                }

                shape.Message(1, one);
            }

            tensor.Message(2, shape);
        }

        WireWriter type = new();
        type.Message(1, tensor);
        WireWriter message = new();
        message.Text(1, value.Name);
        message.Message(2, type);
        return message;
    }

    private static WireWriter Entry(string key, string value)
    {
        WireWriter message = new();
        message.Text(1, key);
        message.Text(2, value);
        return message;
    }
}
