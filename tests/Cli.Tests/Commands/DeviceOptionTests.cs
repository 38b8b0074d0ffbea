using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Faces.Models;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary><c>--device</c> on a machine without any: what is missing is told, and a fallback is never silent.</summary>
public sealed class DeviceOptionTests
{
    public DeviceOptionTests() =>
        Assert.SkipWhen(
            InferenceRuntime.Describe().Contains("OpenVINO", StringComparison.Ordinal),
            "The runtime was built with OpenVINO, which these tests need absent."
        );

    [Fact]
    public async Task Doctor_DeviceThatIsNotThere_IsBrokenWithTheCause()
    {
        Run run = await Run.Async("doctor", "--device", "openvino", "--output-format", "json");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        JsonElement device = Device(run);
        Assert.Equal("device-missing", device.GetProperty("found").GetString());
        Assert.Contains(
            "no OpenVINOExecutionProvider",
            device.GetProperty("advice").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Doctor_DeviceWithFallback_TellsBoth()
    {
        Run run = await Run.Async("doctor", "--device", "openvino,cpu", "--output-format", "json");

        Assert.Equal(ExitCode.Ok, run.Exit);
        Assert.StartsWith(
            "cpu (asked for openvino,cpu; not openvino: ",
            Device(run).GetProperty("found").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Scan_DeviceThatIsNotThere_SaysWhyAndWhatToDo()
    {
        Run run = await Run.Async("scan", "--target", Files.TinyClip, "--device", "openvino");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains("(device-missing)", run.Error, StringComparison.Ordinal);
        Assert.Contains("--device openvino,cpu", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_WithFallback_RunsAndSaysOnWhat()
    {
        Run run = await Run.Async("scan", "--target", Files.TinyClip, "--device", "openvino,cpu");

        Assert.Equal(ExitCode.Ok, run.Exit);
        Assert.Contains(
            "models run on cpu (asked for openvino,cpu; not openvino: ",
            run.Error,
            StringComparison.Ordinal
        );
    }

    private static JsonElement Device(Run run) =>
        run
            .Json.GetProperty("findings")
            .EnumerateArray()
            .Single(finding => finding.GetProperty("subject").GetString() == "device");
}
