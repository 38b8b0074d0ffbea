using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>What one turn of a pass came to.</summary>
/// <param name="Pass">Its name.</param>
/// <param name="NodesBefore">Of the outermost graph.</param>
/// <param name="NodesAfter">Likewise.</param>
/// <param name="BytesBefore">Of all constants.</param>
/// <param name="BytesAfter">Likewise.</param>
/// <param name="Notes">What it left, and why.</param>
public sealed record PassReport(
    string Pass,
    int NodesBefore,
    int NodesAfter,
    long BytesBefore,
    long BytesAfter,
    IReadOnlyList<string> Notes
);

/// <summary>Makes a graph smaller without changing what it computes: the passes run in turns until none finds anything.</summary>
public static class ModelOptimizer
{
    /// <summary>A folded constant may be larger than those that it frees by so much: what the node itself weighs in the file, about.</summary>
    public const long Growth = 128;

    private const int MostTurns = 8;

    /// <param name="file">An ONNX file.</param>
    /// <param name="unpackHalves">Fold and fuse half-precision weights too, though the file grows.</param>
    /// <returns>The smaller file, and what was done: the first turn of every pass, then those that changed something.</returns>
    /// <exception cref="ModelException"><c>model-format</c>, <c>model-unsupported</c> or <c>model-load</c>.</exception>
    public static (byte[] File, IReadOnlyList<PassReport> Passes) Optimize(
        ReadOnlyMemory<byte> file,
        bool unpackHalves = false
    )
    {
        OnnxModel model = ModelFile.Read(file);
        long growth = unpackHalves ? ConstantValues.MostBytes : Growth;
        IReadOnlyList<PassReport> reports = Run(
            model,
            [
                new ConstantNodes(),
                new IdentityRemoval(infers: true),
                new ConstantFolding(growth),
                new WeightFusion(growth),
                new GemmFusion(),
                new LayoutChains(),
                new DuplicateMerging(),
                new DeadRemoval(),
            ]
        );
        return (OnnxWriter.Write(model), reports);
    }

    internal static IReadOnlyList<PassReport> Run(OnnxModel model, IReadOnlyList<IGraphPass> passes)
    {
        List<PassReport> reports = [];
        bool changed = true;
        for (int turn = 0; changed && turn < MostTurns; turn++)
        {
            changed = false;
            foreach (IGraphPass pass in passes)
            {
                (int Nodes, long Bytes) before = Size(model);
                List<string> notes = [];
                pass.Apply(model, notes);
                (int Nodes, long Bytes) after = Size(model);
                changed |= before != after;
                if (turn == 0 || before != after)
                {
                    // What a pass left is told once: a later turn finds the same again.
                    PassReport report = new(pass.Name, before.Nodes, after.Nodes, before.Bytes, after.Bytes, notes);
                    reports.Add(turn == 0 ? report : report with { Notes = [] });
                }
            }
        }

        return reports;
    }

    private static (int Nodes, long Bytes) Size(OnnxModel model) =>
        (ModelFile.Nodes(model), ModelFile.ConstantBytes(model));
}
