using System.Diagnostics;
using System.Runtime.InteropServices;
using FaceFusion.Batch.ModelPack.Packages;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>The TFLite runtime that the original models were made for, as WebAssembly in node.</summary>
public sealed class OriginalRuntime : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-oracle-").FullName;

    public OriginalRuntime()
    {
        var package = NpmPackage.Fetch(Footage.SolutionFolder(), "@tensorflow/tfjs-tflite");
        foreach (string file in new[] { "tflite_web_api_cc_simd.js", "tflite_web_api_cc_simd.wasm" })
        {
            File.WriteAllBytes(Path.Combine(_folder, file), package.Read($"wasm/{file}"));
        }
    }

    /// <param name="tflite">A model with one input.</param>
    /// <param name="input">Its elements, NHWC.</param>
    /// <param name="outputs">How many outputs the model has.</param>
    public float[][] Run(byte[] tflite, float[] input, int outputs)
    {
        string model = Path.Combine(_folder, "model.tflite");
        string place = Path.Combine(_folder, "input");
        string prefix = Path.Combine(_folder, "output");
        File.WriteAllBytes(model, tflite);
        File.WriteAllBytes(place, MemoryMarshal.AsBytes(input.AsSpan()).ToArray());
        var start = new ProcessStartInfo("node") { RedirectStandardError = true };
        string script = Path.Combine(AppContext.BaseDirectory, "Oracle", "run-tflite.cjs");
        Array.ForEach([script, _folder, model, place, prefix], start.ArgumentList.Add);
        using Process node = Process.Start(start)!;
        string said = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, said);
        return
        [
            .. Enumerable
                .Range(0, outputs)
                .Select(i => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{prefix}.{i}")).ToArray()),
        ];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
