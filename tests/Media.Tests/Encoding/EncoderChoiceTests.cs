using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Encoding;

namespace FaceFusion.Batch.Media.Tests.Encoding;

public sealed class EncoderChoiceTests
{
    private static readonly VideoFormat Plain = new()
    {
        Width = 1280,
        Height = 720,
        PixelFormat = "yuv420p",
        TimeBase = new Rational(1, 30_000),
        FrameRate = new Rational(30_000, 1_001),
        Demuxer = "mov",
        Codec = "h264",
    };

    [Fact]
    public void For_PlainVideo_IsX264() => Assert.Equal("libx264", Choose(Plain).Encoder);

    [Fact]
    public void For_TenBit_IsX265() =>
        Assert.Equal("libx265", Choose(Plain with { PixelFormat = "yuv420p10le" }).Encoder);

    [Fact]
    public void For_InterlacedTenBit_KeepsItsFieldsWithX264() =>
        Assert.Equal("libx264", Choose(Plain with { PixelFormat = "yuv422p10le", FieldOrder = "tt" }).Encoder);

    [Fact]
    public void For_InterlacedWithAnotherEncoder_IsRefused()
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            Choose(Plain with { FieldOrder = "bb" }, new EncodeSettings { Encoder = "libx265" })
        );
        Assert.Equal("encoder-interlaced", refused.Code);
    }

    [Fact]
    public void For_FullChromaWithAv1_IsRefused()
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            Choose(Plain with { PixelFormat = "yuv444p" }, new EncodeSettings { Encoder = "libsvtav1" })
        );
        Assert.Equal("encoder-pixel-format", refused.Code);
    }

    [Theory]
    [InlineData("libx264", "warp9")]
    [InlineData("libsvtav1", "fast")]
    [InlineData("libsvtav1", "14")]
    public void For_UnknownPreset_IsRefused(string encoder, string preset)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            Choose(Plain, new EncodeSettings { Encoder = encoder, Preset = preset })
        );
        Assert.Equal("encoder-preset", refused.Code);
    }

    [Theory]
    [InlineData(321, 180, "yuv420p", "yuv444p")]
    [InlineData(320, 181, "yuv420p10le", "yuv444p10le")]
    [InlineData(320, 181, "yuv422p", "yuv422p")]
    [InlineData(321, 181, "yuv444p", "yuv444p")]
    public void For_OddSize_KeepsItWithFullChroma(int width, int height, string pixelFormat, string encoded)
    {
        EncoderChoice choice = Choose(Plain with { Width = width, Height = height, PixelFormat = pixelFormat });
        Assert.Equal(encoded, choice.PixelFormat);
        Assert.Equal(encoded != pixelFormat, choice.Warnings.Count > 0);
    }

    private static EncoderChoice Choose(VideoFormat format, EncodeSettings? settings = null) =>
        EncoderChoice.For(format, settings ?? new EncodeSettings(), Clips.Tools);
}
