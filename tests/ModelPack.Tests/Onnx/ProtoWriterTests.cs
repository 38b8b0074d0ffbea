using FaceFusion.Batch.ModelPack.Onnx;

namespace FaceFusion.Batch.ModelPack.Tests.Onnx;

/// <summary>The examples of the protocol buffer encoding guide.</summary>
public sealed class ProtoWriterTests
{
    [Fact]
    public void Integer_150_IsTwoBytesOfVarint() =>
        Assert.Equal([0x08, 0x96, 0x01], new ProtoWriter().Integer(1, 150).Content.ToArray());

    [Fact]
    public void Integer_Negative_IsTenBytesOfVarint() =>
        Assert.Equal(
            [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            new ProtoWriter().Integer(1, -1).Content.ToArray()
        );

    [Fact]
    public void Text_Testing_HasItsLength() =>
        Assert.Equal([0x12, 0x07, .. "testing"u8], new ProtoWriter().Text(2, "testing").Content.ToArray());

    [Fact]
    public void Message_Inside_HasItsLength() =>
        Assert.Equal(
            [0x1a, 0x03, 0x08, 0x96, 0x01],
            new ProtoWriter().Message(3, new ProtoWriter().Integer(1, 150)).Content.ToArray()
        );

    [Fact]
    public void Constant_BeyondHalfPrecision_IsRefused() =>
        Assert.Throws<OverflowException>(() => new OnnxGraph().Constant([65], [.. Enumerable.Repeat(1f, 64), 70000f]));
}
