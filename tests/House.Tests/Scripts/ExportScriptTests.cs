using System.Diagnostics;
using FaceFusion.Batch.House.Tests.Tree;

namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>tools/export_onnx.py, as far as it goes without PyTorch. What it exports is tried where PyTorch is.</summary>
public sealed class ExportScriptTests
{
    [Fact]
    public void Help_HasExamples()
    {
        (int code, string output, _) = Run("--help");

        Assert.Equal(0, code);
        Assert.Contains("--example --output face_unet.onnx", output, StringComparison.Ordinal);
        Assert.Contains("--checkpoint", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--network nets:Swap --output a.onnx", "names are part of a model's contract")]
    [InlineData("--network nets:Swap --input target=3xyz --output-name b --output a.onnx", "NAME=SHAPE")]
    public void Usage_Wrong_SaysWhat(string arguments, string said)
    {
        (int code, _, string error) = Run(arguments);

        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_NoPyTorch_SaysSoInOneLine()
    {
        (int code, string output, string error) = Run("--example --output never.onnx");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal("export_onnx: torch is not installed here: run where torch and onnx are.", error.Trim());
    }

    private static (int Code, string Out, string Error) Run(string arguments)
    {
        string script = Solution.PathOf("tools", "export_onnx.py");
        // -S: packages that this machine may have are out of sight.
        ProcessStartInfo start = new("python3", ["-S", script, .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 here.");
        }

        using Process python = started!;
        Task<string> error = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
