using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>One thing that was found in a model file.</summary>
/// <param name="Code">Stable, in kebab case; that of the failure where it is a refusal.</param>
/// <param name="Sentence">What it is, and what to do about it. Names of the file in it are safe to print.</param>
/// <param name="IsRefusal">The file must not be loaded; otherwise a warning.</param>
public sealed record AdmissionFinding(string Code, string Sentence, bool IsRefusal);

/// <summary>How often an operator is used.</summary>
public sealed record OperatorCount(string Operator, int Count);

/// <summary>What a model file is, and whether it may be loaded, found without the runtime. Texts of the file are as they stand there.</summary>
public sealed record AdmissionReport
{
    public required long Bytes { get; init; }

    /// <summary>Version of ONNX's own operators; 0 where the file is no ONNX file.</summary>
    public long Opset { get; init; }

    public long IrVersion { get; init; }

    public string Producer { get; init; } = "";

    public int Nodes { get; init; }

    /// <summary>The most used first.</summary>
    public IReadOnlyList<OperatorCount> Operators { get; init; } = [];

    public int Initializers { get; init; }

    public long InitializerBytes { get; init; }

    /// <summary>
    /// Bytes of the values that live at the same time, by the shapes that the file tells, for one picture; values of unknown shape count
    /// for nothing.
    /// </summary>
    public long WorkingBytes { get; init; }

    /// <summary>Without those that are initializers.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; init; } = [];

    public IReadOnlyList<OnnxValue> Outputs { get; init; } = [];

    /// <summary>Open axes of the inputs, such as <c>input[0] N</c>.</summary>
    public IReadOnlyList<string> DynamicAxes { get; init; } = [];

    /// <summary>The first axis of every input is open: several faces go through one run.</summary>
    public bool HasDynamicBatch { get; init; }

    /// <summary>The family whose contract it was held against; null: none.</summary>
    public string? Family { get; init; }

    /// <summary>Refusals first.</summary>
    public IReadOnlyList<AdmissionFinding> Findings { get; init; } = [];

    public bool IsAdmitted => !Findings.Any(f => f.IsRefusal);

    /// <param name="name">Of the model, for the message.</param>
    /// <exception cref="ModelException">The code of the first refusal.</exception>
    public void Require(string name)
    {
        if (Findings.FirstOrDefault(f => f.IsRefusal) is { } refusal)
        {
            throw new ModelException(refusal.Code, $"The model {name} is refused. {refusal.Sentence}");
        }
    }
}
