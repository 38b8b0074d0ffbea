using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>What decodes: the GPU that networks run on, where it is one of NVIDIA's and was tried, else the CPU.</summary>
public static class DecodingChoice
{
    /// <summary>
    /// <c>cpu</c>: the CPU decodes whatever there is; <c>ffmpeg</c>: the card does it for ffmpeg, whose processes are fenced in; else the
    /// card does it within this process, which is faster.
    /// </summary>
    public const string Variable = "FFB_DECODER";

    /// <summary>Tries the card's decoder, and has <paramref name="tools"/> use it from now on.</summary>
    /// <returns>What decodes, in words.</returns>
    public static string Make(MediaTools tools, DevicePlan plan)
    {
        string? wish = Environment.GetEnvironmentVariable(Variable);
        if (plan.Device.IsNvidia && wish != "cpu")
        {
            tools.Decoder = HardwareDecoder.Probe(tools, plan.Device.Number, isolated: wish == "ffmpeg");
        }

        return Describe(tools);
    }

    /// <summary>What decodes, in words.</summary>
    public static string Describe(MediaTools tools) =>
        tools.Decoder is { } decoder ? $"{decoder}, else the CPU" : "the CPU";
}
