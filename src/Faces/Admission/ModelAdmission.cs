using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// Judges a model file before the runtime sees it: the runtime has no list of operators that it may run, and some of its kernels trust what
/// a file claims. Time and memory grow with the file's bytes alone; tensors are not read through.
/// </summary>
public static class ModelAdmission
{
    /// <summary>A report is for people.</summary>
    private const int MostAxes = 64;

    /// <summary>The families whose contract is known.</summary>
    public static IReadOnlyCollection<string> Families => FamilyContracts.Names;

    /// <param name="file">The bytes that will be loaded.</param>
    /// <param name="folder">
    /// Where the file lies, for data that it keeps in files beside it; null: it must be whole, as every file that the catalogue loads.
    /// </param>
    /// <param name="card">Whose family's contract it is held against; null: none.</param>
    public static AdmissionReport Judge(ReadOnlyMemory<byte> file, string? folder = null, ModelCard? card = null)
    {
        FindingList findings = new();
        AdmissionReport report = new() { Bytes = file.Length };
        if (Read(file, findings) is { } model)
        {
            JudgeModel(model, findings);
            InitializerRules.Judge(model.Graph, folder, findings);
            GraphRules.Judge(model.Graph, findings);
            long working = ResourceEstimate.Judge(model.Graph, findings);
            report = Facts(model, report, working);
            FamilyContract? contract = card is null ? null : FamilyContracts.Find(card);
            if (card is not null && contract is null)
            {
                findings.Warn(
                    "family-unknown",
                    $"No contract is known of the family {card.Family}: its inputs and outputs were not compared."
                );
            }

            if (contract is not null)
            {
                ContractRules.Judge(contract, card!, report, findings);
                report = report with { Family = contract.Family };
            }
        }

        return report with
        {
            Findings = findings.ToList(),
        };
    }

    private static OnnxModel? Read(ReadOnlyMemory<byte> file, FindingList findings)
    {
        // The runtime takes a file with this mark for its own format, whatever else it may be.
        if (file.Length >= 8 && file.Span[4..8].SequenceEqual("ORTM"u8))
        {
            findings.Refuse(
                "model-format",
                $"It is in the runtime's own format, which cannot be judged: give the ONNX file."
            );
            return null;
        }

        try
        {
            return OnnxReader.Read(file);
        }
        catch (ModelException e)
        {
            findings.Refuse(e.Code, $"{new Words(e.Message)}");
            return null;
        }
    }

    private static void JudgeModel(OnnxModel model, FindingList findings)
    {
        if (model.Opset is < AdmissionLimits.OldestOpset or > AdmissionLimits.NewestOpset)
        {
            findings.Refuse(
                "model-opset",
                $"It asks for version {model.Opset} of ONNX's operators, and {AdmissionLimits.OldestOpset} to {AdmissionLimits.NewestOpset} can be loaded: export it with {AdmissionLimits.RecommendedOpset} or higher."
            );
        }
        else if (model.Opset < AdmissionLimits.RecommendedOpset)
        {
            findings.Warn(
                "opset-old",
                $"It uses version {model.Opset} of ONNX's operators; {AdmissionLimits.RecommendedOpset} or higher is recommended."
            );
        }

        if (model.IrVersion is < AdmissionLimits.OldestIrVersion or > AdmissionLimits.NewestIrVersion)
        {
            findings.Refuse(
                "model-opset",
                $"It names version {model.IrVersion} of the file format, and {AdmissionLimits.OldestIrVersion} to {AdmissionLimits.NewestIrVersion} can be loaded: export it again."
            );
        }

        foreach (string domain in model.Opsets.Keys.Where(d => d.Length > 0))
        {
            findings.Warn(
                "domain-imported",
                $"It names operators of {domain}; that would be refused where it used one."
            );
        }

        if (model.Functions > 0)
        {
            findings.Refuse(
                "model-function",
                $"It defines {model.Functions} operators of its own: export it with ONNX's operators alone."
            );
        }

        if (model.HasTraining)
        {
            findings.Refuse("model-training", $"It brings graphs for training: export it for inference.");
        }
    }

    private static AdmissionReport Facts(OnnxModel model, AdmissionReport report, long workingBytes)
    {
        OnnxGraph graph = model.Graph;
        HashSet<string> constants = [.. graph.Initializers.Select(t => t.Name)];
        List<OnnxValue> inputs = graph.Inputs.FindAll(v => !constants.Contains(v.Name));
        return report with
        {
            Opset = model.Opset,
            IrVersion = model.IrVersion,
            Producer = model.Producer,
            Nodes = graph.Nodes.Count,
            Operators =
            [
                .. graph
                    .Nodes.CountBy(n => n.Operator)
                    .Select(c => new OperatorCount(c.Key, c.Value))
                    .OrderByDescending(c => c.Count)
                    .ThenBy(c => c.Operator, StringComparer.Ordinal),
            ],
            Initializers = graph.Initializers.Count,
            InitializerBytes = graph.Initializers.Sum(t => (long)t.Data.Length),
            WorkingBytes = workingBytes,
            Inputs = inputs,
            Outputs = graph.Outputs,
            DynamicAxes =
            [
                .. inputs
                    .SelectMany(v =>
                        (v.Shape ?? [])
                            .Index()
                            .Where(axis => IsOpen(axis.Item))
                            .Select(axis => $"{v.Name}[{axis.Index}] {axis.Item}")
                    )
                    .Take(MostAxes),
            ],
            HasDynamicBatch = inputs.Count > 0 && inputs.TrueForAll(v => v.Shape is { Count: > 0 } s && IsOpen(s[0])),
        };
    }

    /// <summary>Some exporters write -1 for an axis that is open.</summary>
    internal static bool IsOpen(OnnxDimension dimension) => dimension.Length is null or < 0;
}
