using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class Mp4BoxesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("000000086672656500000008 6d646174", false)]
    [InlineData("0000000866726565000000096d646174", true)]
    [InlineData("0000000866726565000000006d646174ffff", false)]
    [InlineData("000000016d64617400000000000000 12ffff", false)]
    [InlineData("000000016d6461747fffffffffffffff", true)]
    [InlineData("000000016d646174ffffffffffffffff", true)]
    [InlineData("00000008667265650000", true)]
    [InlineData("000000086672656500000004ffffffff", false)]
    public void EndEarly_ByTheLastBox(string hex, bool early)
    {
        File.WriteAllBytes(_path, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(early, Mp4Boxes.EndEarly(_path));
    }
}
