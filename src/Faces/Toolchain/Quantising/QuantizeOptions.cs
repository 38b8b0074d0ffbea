namespace FaceFusion.Batch.Faces.Toolchain.Quantising;

/// <summary>How weights and values become whole numbers.</summary>
public sealed record QuantizeOptions
{
    /// <summary>How much of each sample's values a range must cover, in per cent; what lies outside is cut off.</summary>
    public double Percentile { get; init; } = 100;

    /// <summary>Values are signed and their 0 is 0, which some accelerators want; else they are unsigned and use their whole range.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>
    /// Weights use all of their 8 bits, and not 7. Processors with AVX2 and without VNNI add two products in 16 bits, where
    /// 2 · 255 · 127 overflows and 2 · 255 · 63 does not: there a model of the full range computes something else.
    /// </summary>
    public bool IsFull { get; init; }

    /// <summary>Names of nodes that stay as they are.</summary>
    public IReadOnlyCollection<string> Keep { get; init; } = [];
}

/// <summary>What a quantisation came to.</summary>
/// <param name="Quantised">Nodes that take and multiply whole numbers.</param>
/// <param name="Kept">Convolutions and products that do not, and why.</param>
/// <param name="Opset">Version of ONNX's operators after it.</param>
public sealed record QuantizeReport(int Quantised, IReadOnlyList<string> Kept, long Opset);
