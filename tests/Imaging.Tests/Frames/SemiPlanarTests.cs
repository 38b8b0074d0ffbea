using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Tests.Frames;

public sealed class SemiPlanarTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(960)]
    [InlineData(1_000)]
    public void Split_AnyLength_IsAsTheSpecification(int samples)
    {
        byte[] interleaved = new byte[2 * samples];
        new Random(samples).NextBytes(interleaved);
        byte[] u = new byte[samples],
            v = new byte[samples],
            scalarU = new byte[samples],
            scalarV = new byte[samples];

        SemiPlanar.Split(interleaved, u, v);
        SemiPlanar.SplitScalar(interleaved, scalarU, scalarV);

        Assert.Equal(scalarU, u);
        Assert.Equal(scalarV, v);
        Assert.Equal(interleaved.Where((_, i) => i % 2 == 0), u);
        Assert.Equal(interleaved.Where((_, i) => i % 2 == 1), v);
    }

    [Theory]
    [InlineData(4, 2, 1)]
    [InlineData(5, 2, 2)]
    public void Split_LengthsThatDoNotFit_AreRefused(int both, int u, int v) =>
        Assert.Throws<ArgumentException>(() => SemiPlanar.Split(new byte[both], new byte[u], new byte[v]));
}
