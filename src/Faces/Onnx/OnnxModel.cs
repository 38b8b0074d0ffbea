namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>An ONNX file in memory, as read by <see cref="OnnxReader"/> and written by <see cref="OnnxWriter"/>. Mutable: tools rewrite it.</summary>
public sealed class OnnxModel
{
    public long IrVersion { get; set; }

    public string Producer { get; set; } = "";

    /// <summary>Operator domain to version; "" is ONNX's own.</summary>
    public Dictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Operators that the file defines itself. They are counted, and neither read nor written.</summary>
    public int Functions { get; set; }

    /// <summary>The file brings graphs for training. They are neither read nor written.</summary>
    public bool HasTraining { get; set; }

    public OnnxGraph Graph { get; set; } = new();

    /// <summary>Version of ONNX's own operators; 0 where none is named.</summary>
    public long Opset => Opsets.GetValueOrDefault("");
}

/// <summary>Nodes in an order in which every value is made before it is used, and what they begin and end with.</summary>
public sealed class OnnxGraph
{
    public string Name { get; set; } = "";

    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Constants, in the file's order.</summary>
    public List<OnnxTensor> Initializers { get; } = [];

    /// <summary>Old files name initializers here too.</summary>
    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Shapes of values in between, where the file tells them.</summary>
    public List<OnnxValue> Values { get; } = [];

    /// <summary>They are counted, and neither read nor written.</summary>
    public int SparseInitializers { get; set; }
}

/// <summary>One operator at work. An empty input name is an optional input left out.</summary>
public sealed class OnnxNode
{
    public string Name { get; set; } = "";

    public string Operator { get; set; } = "";

    /// <summary>"" is ONNX's own.</summary>
    public string Domain { get; set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<OnnxAttribute> Attributes { get; } = [];

    public OnnxAttribute? Find(string attribute) => Attributes.Find(a => a.Name == attribute);

    /// <summary>Puts the attribute in the place of one with its name, or adds it.</summary>
    public void Set(OnnxAttribute attribute)
    {
        _ = Attributes.RemoveAll(a => a.Name == attribute.Name);
        Attributes.Add(attribute);
    }

    /// <summary>A whole number of this name, or the default.</summary>
    public long Integer(string attribute, long otherwise) => Find(attribute)?.Integer ?? otherwise;
}

/// <summary>Kinds of attributes, numbered as AttributeProto.AttributeType of onnx.proto.</summary>
public enum OnnxAttributeKind
{
    Undefined = 0,
    Float = 1,
    Integer = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Integers = 7,
    Texts = 8,
    Tensors = 9,
    Graphs = 10,
}

/// <summary>A named setting of a node; the property that its kind names holds the value.</summary>
public sealed class OnnxAttribute
{
    public required string Name { get; init; }

    public required OnnxAttributeKind Kind { get; init; }

    public float Float { get; init; }

    public long Integer { get; init; }

    public string Text { get; init; } = "";

    public OnnxTensor? Tensor { get; init; }

    public OnnxGraph? Graph { get; init; }

    public IReadOnlyList<float> Floats { get; init; } = [];

    public IReadOnlyList<long> Integers { get; init; } = [];

    public IReadOnlyList<string> Texts { get; init; } = [];

    public IReadOnlyList<OnnxTensor> Tensors { get; init; } = [];

    public IReadOnlyList<OnnxGraph> Graphs { get; init; } = [];

    /// <summary>It brings types, sparse tensors or a reference to a function's attribute. They are neither read nor written.</summary>
    public bool HasUnread { get; init; }

    public static OnnxAttribute Of(string name, long value) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Integer,
            Integer = value,
        };

    public static OnnxAttribute Of(string name, float value) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Float,
            Float = value,
        };

    public static OnnxAttribute Of(string name, string value) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Text,
            Text = value,
        };

    public static OnnxAttribute Of(string name, OnnxTensor value) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Tensor,
            Tensor = value,
        };

    public static OnnxAttribute OfMany(string name, params IReadOnlyList<long> values) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Integers,
            Integers = values,
        };

    public static OnnxAttribute OfMany(string name, params IReadOnlyList<float> values) =>
        new()
        {
            Name = name,
            Kind = OnnxAttributeKind.Floats,
            Floats = values,
        };
}

/// <summary>Name, type and shape of a value.</summary>
public sealed record OnnxValue(string Name, OnnxType Type, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>It is a tensor, and not a sequence, a map or the like.</summary>
    public bool IsTensor { get; init; } = true;
}

/// <summary>One dimension of a shape: a fixed length, or a name for one that is open.</summary>
/// <param name="Length">Null: open.</param>
/// <param name="Symbol">Of an open one; may be empty.</param>
public readonly record struct OnnxDimension(long? Length, string Symbol = "")
{
    public static implicit operator OnnxDimension(long length) => new(length);

    public static OnnxDimension Open(string symbol) => new(null, symbol);

    public override string ToString() => Length?.ToString() ?? (Symbol.Length > 0 ? Symbol : "?");
}
