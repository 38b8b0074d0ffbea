using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

public sealed class InferenceDeviceTests : IDisposable
{
    private static readonly ModelCard Plain = new()
    {
        Id = "double",
        Role = "fuser",
        Family = "test",
        Licence = "Apache-2.0",
    };

    private readonly NetworkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Model_IsRememberedAndToldOnce()
    {
        ModelCard card = _folder.Add(Plain, Doubling());
        var device = InferenceDevice.OnCpu();
        List<ModelPlace> told = [];
        device.OnPlaced = told.Add;
        using ModelSessions sessions = new(_folder.ToCatalog(), device);

        using BoundSession bound = new(sessions.Open(card), card.Id);
        _ = sessions.Open(card);
        bound.Input[0] = 21;
        bound.Run();

        Assert.Equal(42, bound.OutputAt(0)[0]);
        ModelPlace place = Assert.Single(told);
        Assert.Equal(place, device.Places["double"]);
        Assert.Equal(("double", "cpu", "cpu"), (place.Model, place.Device, place.DeviceClass));
        Assert.False(place.IsFallback);
        Assert.Null(place.Note);
    }

    [Fact]
    public void Open_NoModel_IsRefusedByName()
    {
        ModelCard card = _folder.Add(Plain, [1, 2, 3]);
        using ModelSessions sessions = new(_folder.ToCatalog());

        ModelException e = Assert.Throws<ModelException>(() => sessions.Open(card));

        Assert.Equal("model-format", e.Code);
        Assert.StartsWith("The model double is refused. ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--device", e.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A session on another device copies inputs when they are bound, so they are bound for each run; here on the CPU, where binding anew
    /// changes nothing.
    /// </summary>
    [Fact]
    public void Run_RemoteSession_TakesTheInputsOfEachRun()
    {
        using var options = ProviderOptions.Cpu();
        using DeviceSession session = new(Doubling(), options, isRemote: true);
        using BoundSession bound = new(session, "double");
        for (int i = 1; i <= 3; i++)
        {
            bound.Input[0] = i;
            bound.Run();

            Assert.Equal(2 * i, bound.OutputAt(0)[0]);
        }
    }

    [Fact]
    public void Key_OnTheCpu_IsTheHashAlone()
    {
        Assert.Equal("abc", ModelPlace.Key("abc", "cpu"));
        Assert.Equal("abc cuda sm_90", ModelPlace.Key("abc", "cuda sm_90"));
    }

    private static byte[] Doubling()
    {
        OnnxBuilder network = new();
        string input = network.Input("input", OnnxType.Float, 1);
        network.Output("output", network.Node("Mul", [input, network.Scalar(2)]), OnnxType.Float, 1);
        return network.ToBytes("double");
    }
}
