using System.Security.Cryptography;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Tests.Tools;

public sealed class FileHashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData((5 << 19) + 7)]
    public async Task Of_AnyLength_IsThatOfAllBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        await File.WriteAllBytesAsync(_folder.File("bytes"), bytes, TestContext.Current.CancellationToken);

        string hash = FileHash.Of(_folder.File("bytes"), TestContext.Current.CancellationToken);
        using MemoryStream stream = new(bytes);
        string ofStream = await FileHash.OfAsync(stream, TestContext.Current.CancellationToken);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
        Assert.Equal(hash, ofStream);
    }

    [Fact]
    public void Of_Cancelled_Stops()
    {
        File.WriteAllBytes(_folder.File("bytes"), new byte[100]);

        _ = Assert.Throws<OperationCanceledException>(() =>
            FileHash.Of(_folder.File("bytes"), new CancellationToken(canceled: true))
        );
    }
}
