using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

/// <summary>The card's decoder where there is a card; and everywhere what happens without one.</summary>
public sealed class HardwareDecoderTests
{
    private static readonly PreparedSource Source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");

    /// <summary>No such card: ffmpeg ends with an error, and the frames are the CPU's.</summary>
    [Fact]
    public void Read_DecoderThatFails_GoesOnByTheCpu_AndIsNotTriedAgain()
    {
        MediaTools tools = MediaTools.Locate();
        tools.Decoder = HardwareDecoder.OfFfmpeg(99, Source.Video.Format.Codec);
        FrameRange range = new(29, 62);

        List<byte[]> frames = Frames(tools, range);

        Assert.Null(tools.Decoder);
        Assert.Equal(Frames(Clips.Tools, range), frames);
    }

    /// <summary>The CPU in the place of a card: frames come as a card's do.</summary>
    [Fact]
    public void Read_FramesOfACard_AreThoseOfTheCpu()
    {
        MediaTools tools = MediaTools.Locate();
        tools.Decoder = new HardwareDecoder("test", [], "format=nv12", [Source.Video.Format.Codec]);
        FrameRange range = new(29, 62);

        Assert.Equal(Frames(Clips.Tools, range), Frames(tools, range));
        Assert.NotNull(tools.Decoder);
    }

    [Fact]
    public void Probe_OfThisMachine_SaysWhatIsThere()
    {
        HardwareDecoder? decoder = HardwareDecoder.Probe(
            MediaTools.Locate(),
            0,
            stop: TestContext.Current.CancellationToken
        );
        if (decoder is null)
        {
            Assert.False(File.Exists("/dev/nvidia0") && File.Exists("/dev/nvidia-uvm"), "a card is there and not used");
            return;
        }

        MediaTools tools = MediaTools.Locate();
        tools.Decoder = decoder;
        FrameRange range = new(29, 62);

        Assert.Equal(Frames(Clips.Tools, range), Frames(tools, range));
        Assert.NotNull(tools.Decoder);
    }

    [Fact]
    public void Takes_AnythingThatWasNotTried_IsLeftToTheCpu()
    {
        HardwareDecoder decoder = new(0, "h264");
        VideoFormat format = Source.Video.Format with
        {
            Codec = "h264",
            PixelFormat = "yuv420p",
            FieldOrder = "progressive",
            ColorRange = "tv",
            Width = 640,
            Height = 360,
        };

        Assert.True(decoder.Takes(format));
        Assert.All(
            (VideoFormat[])
                [
                    format with
                    {
                        Codec = "hevc",
                    },
                    format with
                    {
                        PixelFormat = "yuv420p10le",
                    },
                    format with
                    {
                        PixelFormat = "yuv444p",
                    },
                    format with
                    {
                        FieldOrder = "tt",
                    },
                    format with
                    {
                        ColorRange = "pc",
                    },
                    format with
                    {
                        Width = 8192,
                    },
                    format with
                    {
                        Height = 64,
                    },
                    format with
                    {
                        IsStill = true,
                    },
                ],
            other => Assert.False(decoder.Takes(other), $"{other}")
        );
    }

    private static List<byte[]> Frames(MediaTools tools, FrameRange range)
    {
        using FramePool pool = new(FrameFormats.Of(Source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(tools, Source.Path, Source.Video.Format, Source.Table, range);
        List<byte[]> frames = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            Assert.Equal(range.Start + frames.Count, frame.Number);
            frames.Add(frame.Bytes.ToArray());
        }

        reader.Finish();
        pool.Return(frame);
        return frames;
    }
}
