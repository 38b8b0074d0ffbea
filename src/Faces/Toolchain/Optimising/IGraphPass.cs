using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>One kind of change to a graph that leaves what it computes as it is.</summary>
internal interface IGraphPass
{
    string Name { get; }

    /// <param name="model">Is changed.</param>
    /// <param name="notes">Receives a sentence about what was left, and why.</param>
    void Apply(OnnxModel model, ICollection<string> notes);
}
