using FaceFusion.Batch.ModelPack.Tests.Building;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Tests.Tflite;

[Collection(PackCollection.Name)]
public sealed class FlexMapTests(PackFixture pack)
{
    /// <summary>A map by hand, one byte wide: {"a": 7, "b": -2}.</summary>
    private static readonly byte[] SmallMap =
    [
        .. "a\0b\0"u8,
        .. new byte[] { 2, 5, 4 }, // two keys; each five and four bytes back
        .. new byte[] { 2, 1, 2 }, // keys two back, one byte wide; two values
        .. new byte[] { 7, 0xfe, 4, 4 }, // values, then their types: signed integer
        .. new byte[] { 4, 9 << 2, 1 }, // the map four bytes back; its type; the width of the root
    ];

    [Fact]
    public void Int32_SmallMap_ReadsSignedValues()
    {
        var map = new FlexMap(SmallMap);

        Assert.Equal((7, -2), (map.Int32("a"), map.Int32("b")));
    }

    [Fact]
    public void Int32_UnknownKey_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => new FlexMap(SmallMap).Int32("c"));

    [Fact]
    public void New_Truncated_IsRefused() => Assert.Throws<InvalidDataException>(() => new FlexMap(SmallMap[7..]));

    [Fact]
    public void New_NoMap_IsRefused() => Assert.Throws<InvalidDataException>(() => new FlexMap([7, 4, 1]));

    /// <summary>The published tables of MediaPipe's attention mesh begin so.</summary>
    [Fact]
    public void Int32s_RegionsOfTheFaceMesh_AreMediaPipesTables()
    {
        int[][] starts =
        [
            .. TfliteModel
                .Read(pack.Sources.FaceMesh.Content)
                .Operators.Where(step => step.CustomName == "Landmarks2TransformMatrix")
                .Select(step => new FlexMap(step.CustomOptions).Int32s("subset_idxs")[..5]),
        ];

        Assert.Equal(
            [
                [61, 146, 91, 181, 84],
                [33, 7, 163, 144, 145],
                [263, 249, 390, 373, 374],
            ],
            starts
        );
    }
}
