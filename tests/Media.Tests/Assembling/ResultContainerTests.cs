using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Tests.Assembling;

public sealed class ResultContainerTests
{
    [Theory]
    [InlineData("out.mp4", false, "mp4")]
    [InlineData("OUT.MOV", false, "mov")]
    [InlineData("out.mkv", false, "matroska")]
    [InlineData("out.png", true, "png")]
    [InlineData("out.jpeg", true, "mjpeg")]
    public void For_KnownExtension_GivesItsMuxer(string output, bool still, string muxer) =>
        Assert.Equal(muxer, ResultContainer.For(output, still).Muxer);

    [Theory]
    [InlineData("out.avi", false)]
    [InlineData("out", false)]
    [InlineData("out.png", false)]
    [InlineData("out.mp4", true)]
    public void For_OtherExtension_SaysWhichFit(string output, bool still)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            ResultContainer.For(output, still)
        );
        Assert.Equal("output-container", refused.Code);
    }

    [Theory]
    [InlineData("out.mp4", "pcm_s16le", ".mov or .mkv")]
    [InlineData("out.mp4", "truehd", ".mkv")]
    [InlineData("out.mov", "opus", ".mkv")]
    public void Check_SoundThatDoesNotFit_NamesABetterContainer(string output, string codec, string better)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            ResultContainer.For(output, false).Check(With(StreamKind.Audio, codec))
        );
        Assert.Contains(better, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.mp4", "subrip", "mov_text")]
    [InlineData("out.mkv", "mov_text", "subrip")]
    public void Check_SubtitlesThatMustChange_Warns(string output, string codec, string into) =>
        Assert.Contains(
            ResultContainer.For(output, false).Check(With(StreamKind.Subtitle, codec)),
            w => w.Contains(into, StringComparison.Ordinal)
        );

    [Fact]
    public void Check_PictureSubtitlesIntoMp4_AreRefused() =>
        Assert.Throws<InvalidRecipeException>(() =>
            ResultContainer.For("out.mp4", false).Check(With(StreamKind.Subtitle, "hdmv_pgs_subtitle"))
        );

    /// <summary>Nobody names the result of a job that came over the API.</summary>
    [Theory]
    [InlineData(StreamKind.Audio, "aac", ".mp4")]
    [InlineData(StreamKind.Audio, "pcm_s16le", ".mov")]
    [InlineData(StreamKind.Audio, "truehd", ".mkv")]
    [InlineData(StreamKind.Subtitle, "hdmv_pgs_subtitle", ".mkv")]
    public void ExtensionFor_WhateverTheStreams_HoldsThemAll(StreamKind kind, string codec, string extension)
    {
        ProbedVideo video = With(kind, codec);

        string chosen = ResultContainer.ExtensionFor(video);

        Assert.Equal(extension, chosen);
        _ = ResultContainer.For(chosen, targetIsStill: false).Check(video);
    }

    private static ProbedVideo With(StreamKind kind, string codec) =>
        new()
        {
            Format = new VideoFormat
            {
                Width = 320,
                Height = 192,
                PixelFormat = "yuv420p",
                TimeBase = new Rational(1, 30_000),
                FrameRate = new Rational(30, 1),
                Demuxer = "mov,mp4,m4a,3gp,3g2,mj2",
                Codec = "h264",
            },
            VideoStream = 0,
            Streams =
            [
                new ProbedStream(
                    0,
                    StreamKind.Video,
                    "h264",
                    false,
                    new Rational(1, 30_000),
                    new Dictionary<string, string>()
                ),
                new ProbedStream(1, kind, codec, false, new Rational(1, 48_000), new Dictionary<string, string>()),
            ],
            Chapters = 0,
            DurationSeconds = 1,
            Bytes = 1,
            Warnings = [],
        };
}
