using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>
/// Frame numbers that a program can read back out of a picture after any codec: 16 blocks, black or white, in two rows over the upper
/// half; the lower half holds a moving pattern so that codecs have something to predict.
/// </summary>
public static class FrameNumbers
{
    private const int Columns = 8;
    private const int Rows = 2;

    /// <summary>Draws 8-bit 4:2:0 planes, as ffmpeg's rawvideo yuv420p wants them.</summary>
    public static void Draw(Span<byte> planes, int width, int height, int number)
    {
        Span<byte> luma = planes[..(width * height)];
        planes[(width * height)..].Fill(128);
        int coded = Protect(number);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = luma.Slice(y * width, width);
            int band = y * Rows * 2 / height;
            for (int x = 0; x < width; x++)
            {
                bool bit = band < Rows && (coded >> ((band * Columns) + (x * Columns / width)) & 1) == 1;
                row[x] = band < Rows ? (byte)(bit ? 220 : 30) : (byte)(64 + (((x + y + (3 * number)) >> 2) & 63));
            }
        }

        // Coloured, so that a wrong chroma plane shows.
        int chroma = (width + 1) / 2 * ((height + 1) / 2);
        Span<byte> blue = planes.Slice(width * height, chroma);
        blue[(chroma / 2)..].Fill((byte)(96 + (number & 31)));
    }

    /// <returns>The number that was drawn, or -1 if the blocks make no sense.</returns>
    public static int Read(Frame frame)
    {
        int coded = 0;
        for (int block = 0; block < Columns * Rows; block++)
        {
            double mean = MeanOfBlock(frame, block % Columns, block / Columns);
            coded |= (mean > 125 ? 1 : 0) << block;
        }

        int number = coded & 0xFFF;
        return Protect(number) == coded ? number : -1;
    }

    /// <summary>Twelve bits of number, four of check: a frame mixed out of two is not taken for a third.</summary>
    private static int Protect(int number)
    {
        int low = number & 0xFFF;
        int check = (low ^ (low >> 4) ^ (low >> 8) ^ 0b0101) & 0xF;
        return low | (check << 12);
    }

    private static double MeanOfBlock(Frame frame, int column, int row)
    {
        FrameFormat format = frame.Format;
        int left = ((column * 4) + 1) * format.Width / (Columns * 4);
        int right = ((column * 4) + 3) * format.Width / (Columns * 4);
        int top = ((row * 4) + 1) * format.Height / (Rows * 8);
        int bottom = ((row * 4) + 3) * format.Height / (Rows * 8);
        double sum = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                int at = (y * format.Width) + x;
                sum += format.BitDepth > 8 ? frame.Plane16(0)[at] >> (format.BitDepth - 8) : frame.Plane(0)[at];
            }
        }

        return sum / ((right - left) * (bottom - top));
    }
}
