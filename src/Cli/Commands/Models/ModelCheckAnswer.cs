using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>The answer of <c>ffb models check</c> for one file.</summary>
internal sealed record ModelCheckAnswer
{
    public required string File { get; init; }
    public required bool Admitted { get; init; }

    /// <summary>Null: the file is too large to be read.</summary>
    public string? Sha256 { get; init; }
    public required long Bytes { get; init; }
    public long Opset { get; init; }
    public long IrVersion { get; init; }
    public string Producer { get; init; } = "";
    public int Nodes { get; init; }
    public IReadOnlyList<OperatorCount> Operators { get; init; } = [];
    public int Initializers { get; init; }
    public long InitializerBytes { get; init; }

    /// <summary>Most bytes alive at the same time, as far as the file tells.</summary>
    public long WorkingBytes { get; init; }
    public IReadOnlyList<CheckedValue> Inputs { get; init; } = [];
    public IReadOnlyList<CheckedValue> Outputs { get; init; } = [];
    public IReadOnlyList<string> DynamicAxes { get; init; } = [];
    public bool DynamicBatch { get; init; }
    public string? Family { get; init; }

    /// <summary>CPU time of the judgement.</summary>
    public double JudgedMilliseconds { get; init; }

    /// <summary>Null: the file was refused before the runtime saw it.</summary>
    public TrialReport? Trial { get; init; }

    /// <summary>Refusals first.</summary>
    public required IReadOnlyList<AdmissionFinding> Findings { get; init; }

    public static ModelCheckAnswer Of(string file, string sha256, AdmissionReport report) =>
        new()
        {
            File = file,
            Admitted = report.IsAdmitted,
            Sha256 = sha256,
            Bytes = report.Bytes,
            Opset = report.Opset,
            IrVersion = report.IrVersion,
            Producer = report.Producer,
            Nodes = report.Nodes,
            Operators = report.Operators,
            Initializers = report.Initializers,
            InitializerBytes = report.InitializerBytes,
            WorkingBytes = report.WorkingBytes,
            Inputs = [.. report.Inputs.Select(CheckedValue.Of)],
            Outputs = [.. report.Outputs.Select(CheckedValue.Of)],
            DynamicAxes = report.DynamicAxes,
            DynamicBatch = report.HasDynamicBatch,
            Family = report.Family,
            Findings = report.Findings,
        };

    /// <summary>With what came of the trial.</summary>
    public ModelCheckAnswer With(TrialReport? trial, IEnumerable<AdmissionFinding> findings)
    {
        AdmissionFinding[] all = [.. Findings.Concat(findings).OrderBy(f => f.IsRefusal ? 0 : 1)];
        return this with { Trial = trial, Findings = all, Admitted = !all.Any(f => f.IsRefusal) };
    }
}

/// <param name="Name">As the file names it.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">Lengths, or names of open axes; null: the file does not tell.</param>
internal sealed record CheckedValue(string Name, string Type, IReadOnlyList<string>? Shape)
{
    public static CheckedValue Of(OnnxValue value) =>
        new(
            value.Name,
            value.Type.ToString().ToLowerInvariant(),
            value.Shape is null ? null : [.. value.Shape.Select(d => d.ToString())]
        );
}
