namespace FaceFusion.Batch.ModelPack.Onnx;

/// <summary>A named setting of an ONNX node: AttributeProto with the field and type numbers of onnx.proto.</summary>
public readonly struct OnnxAttribute
{
    private readonly Action<ProtoWriter> _write;

    private OnnxAttribute(string name, int type, Action<ProtoWriter> writeValue) =>
        _write = message =>
        {
            message.Text(1, name);
            writeValue(message);
            message.Integer(20, type);
        };

    public static OnnxAttribute Integer(string name, long value) => new(name, 2, message => message.Integer(3, value));

    public static OnnxAttribute Text(string name, string value) => new(name, 3, message => message.Text(4, value));

    public static OnnxAttribute Integers(string name, params long[] values) =>
        new(
            name,
            7,
            message =>
            {
                foreach (long value in values)
                {
                    message.Integer(8, value);
                }
            }
        );

    internal ProtoWriter ToMessage()
    {
        var message = new ProtoWriter();
        _write(message);
        return message;
    }
}
