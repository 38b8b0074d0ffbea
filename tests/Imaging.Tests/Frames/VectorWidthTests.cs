using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Tests.Frames;

/// <summary>Runs the other tests of this assembly in child processes whose vectors are narrower, down to none.</summary>
public sealed class VectorWidthTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableAVX")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task AllTests_WithoutAnInstructionSet_Pass(string variable)
    {
        string assembly = typeof(VectorWidthTests).Assembly.Location;
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            assembly,
            "-class-",
            typeof(VectorWidthTests).FullName!,
            "-trait-",
            "Needs=ffmpeg",
            "-noColor",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[variable] = "0";
        using Process child = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        Task<string> errors = child.StandardError.ReadToEndAsync(stop);
        string output = await child.StandardOutput.ReadToEndAsync(stop);
        await child.WaitForExitAsync(stop);
        Assert.True(child.ExitCode == 0, output + await errors);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }
}

/// <summary>That the switches do what <see cref="VectorWidthTests"/> relies on: they go unnoticed when misspelt.</summary>
public sealed class VectorSwitchTests
{
    [Fact]
    public void Fast_WithoutIntrinsics_IsOff() =>
        Assert.Equal(!IsOff("DOTNET_EnableHWIntrinsic") && Vector128.IsHardwareAccelerated, Lanes.Fast);

    [Fact]
    public void IsSupported_WithoutTheSet_IsOff()
    {
        Assert.False(IsOff("DOTNET_EnableAVX512") && Avx512F.IsSupported);
        Assert.False(IsOff("DOTNET_EnableAVX2") && Avx2.IsSupported);
        Assert.False(IsOff("DOTNET_EnableAVX") && Avx.IsSupported);
        Assert.False(IsOff("DOTNET_EnableHWIntrinsic") && Sse42.IsSupported);
    }

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";
}
