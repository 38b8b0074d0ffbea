namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>
/// What <see cref="OnnxReader"/> takes at most. A file over a limit is refused by the limit's name before anything is made of it. The
/// counts are several times those of the largest networks of the catalogue.
/// </summary>
public sealed record OnnxLimits
{
    public static OnnxLimits Default { get; } = new();

    /// <summary>Protobuf's own limit is 2 GiB; the largest model of the catalogue has 1.7 GB.</summary>
    public long FileBytes { get; init; } = int.MaxValue;

    /// <summary>Graphs within graphs.</summary>
    public int Nesting { get; init; } = 8;

    /// <summary>Nodes of all graphs together.</summary>
    public int Nodes { get; init; } = 50_000;

    /// <summary>Constants of all graphs and attributes together.</summary>
    public int Tensors { get; init; } = 50_000;

    /// <summary>Attributes of all nodes together.</summary>
    public int Attributes { get; init; } = 100_000;

    /// <summary>Names, values and dimensions of values, together.</summary>
    public int Names { get; init; } = 250_000;

    /// <summary>Sets of operators that a file names.</summary>
    public int Domains { get; init; } = 64;

    /// <summary>Dimensions of one shape.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Bytes of one name.</summary>
    public int NameBytes { get; init; } = 4096;

    /// <summary>Elements of the lists that a node holds itself, together, and of tensors not held as raw data.</summary>
    public int Elements { get; init; } = 64 * 1024 * 1024;
}
