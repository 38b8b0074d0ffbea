using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Tests;

public sealed class ValueTests
{
    [Fact]
    public void BlobUrl_InALog_HasNoSignature() =>
        Assert.Equal("https://store/x", new BlobUrl("https://store/x?sig=secret").ToString());

    [Fact]
    public void Widen_IsCutToTheVideo() => Assert.Equal(new FrameRange(0, 40), new FrameRange(10, 35).Widen(16, 40));

    [Theory]
    [InlineData(FailureKind.InvalidVideo)]
    [InlineData(FailureKind.InvalidRecipe)]
    [InlineData(FailureKind.ModelFault)]
    [InlineData(FailureKind.MediaToolFault)]
    [InlineData(FailureKind.StorageFault)]
    [InlineData(FailureKind.Cancelled)]
    public void Failure_ToExceptionAndBack_IsTheSame(FailureKind kind)
    {
        FusionException fault = new Failure(kind, "cancelled", "Why.", false).ToException();

        Assert.Equal(new Failure(kind, "cancelled", "Why.", false), Failure.Of(fault));
    }
}
