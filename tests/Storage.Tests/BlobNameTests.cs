namespace FaceFusion.Batch.Storage.Tests;

public sealed class BlobNameTests
{
    private static readonly Guid Job = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Guid Delivery = new("ffeeddcc-bbaa-9988-7766-554433221100");

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../lock")]
    [InlineData("jobs/../../lock")]
    [InlineData("jobs/.hidden")]
    [InlineData("jobs//x")]
    [InlineData("jobs/")]
    [InlineData("jobs/a b")]
    [InlineData("jobs/A")]
    [InlineData("jobs/x\n")]
    [InlineData("jobs\\x")]
    [InlineData("c:/x")]
    [InlineData("jobs/é")]
    [InlineData("jobs/x\0")]
    public void Parse_HostileName_IsRefused(string name)
    {
        Assert.False(BlobName.TryParse(name, out _));
        _ = Assert.Throws<ArgumentException>(() => BlobName.Parse(name));
    }

    [Fact]
    public void TryParse_TooLongOrNull_IsRefused()
    {
        Assert.True(BlobName.TryParse(new string('x', BlobName.MaxLength), out _));
        Assert.False(BlobName.TryParse(new string('x', BlobName.MaxLength + 1), out _));
        Assert.False(BlobName.TryParse(null, out _));
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("ABCDEF0123456789")]
    [InlineData("short")]
    [InlineData("0123456789abcdeg0123456789abcdef")]
    public void Names_FromWhatIsNoHash_AreRefused(string hash)
    {
        _ = Assert.Throws<ArgumentException>(() => BlobNames.Target(hash));
        _ = Assert.Throws<ArgumentException>(() => BlobNames.Photo(hash));
        _ = Assert.Throws<ArgumentException>(() => BlobNames.Sidecar(new string('a', 64), hash, 0, 1));
    }

    [Fact]
    public void Segment_HoldsJobChunkAttemptAndDelivery()
    {
        string name = BlobNames.Segment(Job, 42, 7, Delivery, isStill: false).Value;

        Assert.Equal(
            "jobs/00112233445566778899aabbccddeeff/chunks/000042/a007-ffeeddccbbaa99887766554433221100.mp4",
            name
        );
        Assert.StartsWith(BlobNames.ChunksFolder(Job), name, StringComparison.Ordinal);
        Assert.EndsWith(".png", BlobNames.Segment(Job, 0, 1, Delivery, isStill: true).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadSidecar_ReadsWhatSidecarWrote_AndNothingElse()
    {
        BlobName name = BlobNames.Sidecar(new string('a', 64), new string('b', 64), 300, 621);

        Assert.True(BlobNames.TryReadSidecar(name, out int start, out int end));
        Assert.Equal((300, 621), (start, end));
        foreach (string other in new[] { "a/7-7", "a/9-8", "a/x-8", "a/-8", "a/8", "a/1-2-3" })
        {
            Assert.False(BlobNames.TryReadSidecar(BlobName.Parse(other), out _, out _), other);
        }
    }
}
