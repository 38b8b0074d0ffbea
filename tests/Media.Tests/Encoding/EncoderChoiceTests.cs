using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Tools;

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
    [InlineData("h264_nvenc", "p8")]
    [InlineData("hevc_nvenc", "medium")]
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

    [Fact]
    public void Here_CardThatEncodes_IsTakenWhereTheRecipeLeavesItOpen()
    {
        EncoderChoice choice = EncoderChoice.Here(Plain, new EncodeSettings { Crf = 25 }, WithCard());

        Assert.Equal("h264_nvenc", choice.Encoder);
        Assert.Equal(3, choice.Device);
        Assert.Equal((25, "p4"), (choice.Crf, choice.Preset));
    }

    [Fact]
    public void Here_TenBitsOnACard_AreFedInTheKindThatItTakes()
    {
        EncoderChoice choice = EncoderChoice.Here(
            Plain with
            {
                PixelFormat = "yuv420p10le",
            },
            new EncodeSettings(),
            WithCard()
        );

        Assert.Equal(("hevc_nvenc", "p010le"), (choice.Encoder, choice.PixelFormat));
    }

    /// <summary>A preset is the name of a CPU's encoder's, and what was not tried is the CPU's.</summary>
    [Fact]
    public void Here_CardThatEncodes_LeavesTheRestToTheCpu()
    {
        (VideoFormat Format, EncodeSettings Settings)[] others =
        [
            (Plain, new EncodeSettings { Preset = "ultrafast" }),
            (Plain, new EncodeSettings { Encoder = "libx264" }),
            (Plain with { PixelFormat = "yuv444p" }, new EncodeSettings()),
            (Plain with { FieldOrder = "tt" }, new EncodeSettings()),
            (Plain with { ColorRange = "pc" }, new EncodeSettings()),
            (Plain with { Width = 1279 }, new EncodeSettings()),
            (Plain with { Height = 90 }, new EncodeSettings()),
            (Plain with { PixelFormat = "yuv420p10le", ContentLightLevel = "1000,400" }, new EncodeSettings()),
            (Plain with { IsStill = true }, new EncodeSettings()),
        ];

        Assert.All(
            others,
            other =>
            {
                EncoderChoice choice = EncoderChoice.Here(other.Format, other.Settings, WithCard());
                Assert.Null(choice.Device);
                Assert.False(HardwareEncoder.IsName(choice.Encoder));
            }
        );
    }

    /// <summary>The Coordinator needs no GPU for a job whose workers have one; a worker does.</summary>
    [Fact]
    public void Here_CardThatIsNamedAndNotThere_IsRefused()
    {
        EncodeSettings named = new() { Encoder = "h264_nvenc", Preset = "p6" };

        Assert.Equal("p6", Choose(Plain, named).Preset);
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            EncoderChoice.Here(Plain, named, Clips.Tools)
        );
        Assert.Equal("encoder-missing", refused.Code);
        Assert.Contains("--encoder libx264", refused.Message);
    }

    [Theory]
    [InlineData("yuv444p", 1280, "tv")]
    [InlineData("yuv420p10le", 1280, "tv")]
    [InlineData("yuv420p", 1281, "tv")]
    [InlineData("yuv420p", 1280, "pc")]
    public void For_CardThatDoesNotTakeTheFrames_IsRefused(string pixelFormat, int width, string range)
    {
        VideoFormat format = Plain with { PixelFormat = pixelFormat, Width = width, ColorRange = range };
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            Choose(format, new EncodeSettings { Encoder = "h264_nvenc" })
        );
        Assert.Equal("encoder-pixel-format", refused.Code);
    }

    private static MediaTools WithCard()
    {
        MediaTools tools = MediaTools.Locate();
        tools.Encoder = new HardwareEncoder(3, ("h264_nvenc", "yuv420p"), ("hevc_nvenc", "yuv420p10le"));
        return tools;
    }

    private static EncoderChoice Choose(VideoFormat format, EncodeSettings? settings = null) =>
        EncoderChoice.For(format, settings ?? new EncodeSettings(), Clips.Tools);
}
