using System.Diagnostics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Tests.Support;

/// <summary>ffmpeg's own conversion of a frame, as an outside reference.</summary>
internal static class Swscale
{
    /// <summary>
    /// 3 × height × width: all G, all B, all R, as ffmpeg converts the frame, carefully rounded and with interpolated chroma. Even sizes
    /// only: swscale stretches the chroma of odd ones. (Planar output, because for packed RGB it rounds vertical chroma weights to halves.)
    /// </summary>
    public static byte[] ToGbr(Frame frame)
    {
        FrameFormat format = frame.Format;
        string layout = format.Chroma switch
        {
            ChromaLayout.Yuv420 => "yuv420p",
            ChromaLayout.Yuv422 => "yuv422p",
            _ => "yuv444p",
        };
        string matrix = format.Matrix switch
        {
            YuvMatrix.Bt601 => "bt601",
            YuvMatrix.Bt709 => "bt709",
            _ => "bt2020",
        };
        int across = format.Siting == ChromaSiting.Center && format.Chroma != ChromaLayout.Yuv444 ? 128 : 0;
        int down = format.Siting != ChromaSiting.TopLeft && format.Chroma == ChromaLayout.Yuv420 ? 128 : 0;
        string range = format.FullRange ? "pc" : "tv";
        const string Flags = "flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";
        string depth = format.BitDepth > 8 ? "10le" : "";
        string filters =
            $"scale=in_color_matrix={matrix}:in_range={range}:out_range=pc"
            + $":in_h_chr_pos={across}:in_v_chr_pos={down}:{Flags}";
        ProcessStartInfo start = new("ffmpeg")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. (string[])["-v", "error", "-f", "rawvideo"],
            .. (string[])["-pixel_format", layout + depth],
            .. (string[])["-video_size", $"{format.Width}x{format.Height}", "-i", "-"],
            .. (string[])["-vf", filters, "-f", "rawvideo", "-pix_fmt", "gbrp", "-"],
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process ffmpeg = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        byte[] bytes = frame.Bytes.ToArray();
        ffmpeg.StandardInput.BaseStream.Write(bytes);
        ffmpeg.StandardInput.Close();
        using MemoryStream output = new();
        ffmpeg.StandardOutput.BaseStream.CopyTo(output);
        string errors = ffmpeg.StandardError.ReadToEnd();
        ffmpeg.WaitForExit();
        Assert.True(ffmpeg.ExitCode == 0, errors);
        return output.ToArray();
    }
}
