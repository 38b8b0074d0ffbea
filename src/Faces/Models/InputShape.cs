using FaceFusion.Batch.Contracts.Errors;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>The shape with which an input is bound.</summary>
internal static class InputShape
{
    /// <summary>The wanted shape; the model's own first dimension where that is fixed.</summary>
    /// <param name="wanted">The first is the batch of a model that leaves it open. All others must be what the model declares, or open there.</param>
    /// <exception cref="ModelException"><c>model-shape</c>: there is no such input, or it has another shape.</exception>
    public static long[] Close(InferenceSession session, ModelCard card, string input, params ReadOnlySpan<long> wanted)
    {
        int[]? declared = session.InputMetadata.TryGetValue(input, out NodeMetadata? metadata)
            ? metadata.Dimensions
            : null;
        bool fits = declared?.Length == wanted.Length;
        for (int i = 1; fits && i < wanted.Length; i++)
        {
            fits = declared![i] <= 0 || declared[i] == wanted[i];
        }

        if (!fits)
        {
            string found = declared is null ? "none" : $"one of [{string.Join(", ", declared)}] (−1: open)";
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} should have an input {input} of [{string.Join(", ", wanted.ToArray())}] and has {found}; "
                    + "it is not of the family that the catalogue names, or not the release's file."
            );
        }

        long[] shape = wanted.ToArray();
        shape[0] = declared![0] > 0 ? declared[0] : wanted[0];
        return shape;
    }
}
