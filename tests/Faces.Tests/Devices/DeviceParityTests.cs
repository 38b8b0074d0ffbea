using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

/// <summary>The built-in models on this machine's GPU against the CPU; skipped where there is none.</summary>
public sealed class DeviceParityTests
{
    private static readonly Lazy<FaceModels?> Accelerated = new(Load);

    [Fact]
    public void Compare_Portrait_FindsTheSameFaces()
    {
        PhotoParity parity = DeviceParity.Compare(TestModels.BuiltIn, OnGpu(), TestClip.Photo("audrey.jpg"));

        Assert.Equal(1, parity.Faces);
        Assert.Equal(parity.Faces, parity.FacesOther);
        // Convolutions of ten bits of mantissa (TF32): a thousandth of a crop that is half as wide again as the face.
        Assert.InRange(parity.BoxPixels, 0, 0.005 * parity.FaceWidth);
        Assert.InRange(parity.LandmarkPixels, 0, 0.005 * parity.FaceWidth);
        Assert.InRange(parity.LeastCosine, 0.999, 1.000001);
    }

    [Fact]
    public void Compare_Noise_GivesTheSameValues()
    {
        FaceModels models = OnGpu();
        using var again = FaceModels.Load(TestModels.Folder, models.Device);

        Assert.All(
            DeviceParity.Compare(TestModels.BuiltIn, models, again),
            network =>
            {
                // As above; noise is harder than faces.
                Assert.InRange(network.RelativeError, 0, 0.01);
                Assert.True(network.IsRepeatable, network.Model);
            }
        );
    }

    /// <summary>The comparison itself: a device agrees with itself to the last bit.</summary>
    [Fact]
    public void Compare_TheCpuWithItself_IsEqual()
    {
        FaceModels models = TestModels.BuiltIn;

        PhotoParity photo = DeviceParity.Compare(models, models, TestClip.Photo("audrey.jpg"));

        Assert.Equal((1, 1, 0, 0), (photo.Faces, photo.FacesOther, photo.BoxPixels, photo.LandmarkPixels));
        Assert.All(
            DeviceParity.Compare(models, models, models),
            network => Assert.True(network is { RelativeError: 0, GreatestError: 0, IsRepeatable: true })
        );
    }

    private static FaceModels OnGpu()
    {
        Assert.SkipUnless(Accelerated.Value is not null, "No device but the CPU can be used here.");
        return Accelerated.Value!;
    }

    private static FaceModels? Load()
    {
        try
        {
            return FaceModels.Load(
                TestModels.Folder,
                InferenceDevice.Open(
                    DeviceChoice.Parse(OperatingSystem.IsMacOS() ? "coreml" : "cuda"),
                    ProviderOptions.FromEnvironment() with
                    {
                        IsFindingOnCpu = false,
                    }
                )
            );
        }
        catch (ModelException e) when (e.Code == "device-missing")
        {
            return null;
        }
    }
}
