using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>What encodes where the recipe leaves it open: the GPU that networks run on, where it has an encoder that was tried, else the CPU.</summary>
public static class EncodingChoice
{
    /// <summary><c>cpu</c>: the CPU encodes whatever there is.</summary>
    public const string Variable = "FFB_ENCODER";

    /// <summary>Tries the card's encoder, and has <paramref name="tools"/> use it from now on.</summary>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="plan">Where networks run.</param>
    /// <param name="chunks">In flight: each has an encoder open.</param>
    /// <returns>What encodes, in words.</returns>
    public static string Make(MediaTools tools, DevicePlan plan, int chunks)
    {
        if (plan.Device.IsNvidia && Environment.GetEnvironmentVariable(Variable) != "cpu")
        {
            tools.Encoder = HardwareEncoder.Probe(tools, plan.Device.Number, chunks);
        }

        return Describe(tools);
    }

    /// <summary>What encodes, in words.</summary>
    public static string Describe(MediaTools tools) =>
        tools.Encoder switch
        {
            null => "the CPU",
            { IsThere: true } encoder => $"{encoder}, else the CPU",
            { Fault: var fault } => $"the CPU (not {fault})",
        };
}
