using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class PipeFormatTests
{
    [Theory]
    [InlineData("yuv420p", "yuv420p")]
    [InlineData("yuvj422p", "yuv422p")]
    [InlineData("yuv444p10le", "yuv444p10le")]
    public void For_PlanarYuv_TravelsUntouched(string native, string pipe)
    {
        PipeFormat format = PipeFormat.For(native);
        Assert.Equal(pipe, format.Name);
        Assert.Null(format.Warning);
    }

    [Theory]
    [InlineData("nv12", "yuv420p")]
    [InlineData("p010le", "yuv420p10le")]
    [InlineData("p210le", "yuv422p10le")]
    [InlineData("yuv420p12le", "yuv420p10le")]
    [InlineData("yuva444p10le", "yuv444p10le")]
    [InlineData("yuv411p", "yuv422p")]
    [InlineData("yuv440p", "yuv444p")]
    [InlineData("uyvy422", "yuv422p")]
    [InlineData("gbrp", "yuv444p")]
    [InlineData("gbrp10le", "yuv444p10le")]
    [InlineData("rgb48le", "yuv444p10le")]
    [InlineData("rgba64be", "yuv444p10le")]
    [InlineData("bgr0", "yuv444p")]
    [InlineData("pal8", "yuv444p")]
    [InlineData("gray", "yuv420p")]
    [InlineData("gray16le", "yuv420p10le")]
    public void For_AnythingElse_IsConvertedWithAWarning(string native, string pipe)
    {
        PipeFormat format = PipeFormat.For(native);
        Assert.Equal(pipe, format.Name);
        Assert.NotNull(format.Warning);
    }

    [Fact]
    public void For_Unknown_IsRefused() =>
        Assert.Equal("video-pixel-format", Assert.Throws<InvalidVideoException>(() => PipeFormat.For("xyz12be")).Code);
}
