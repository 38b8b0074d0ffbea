using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Scenes;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Scenes;

public sealed class LumaThumbnailTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 9)]
    [InlineData(64, 36)]
    [InlineData(403, 301)]
    public void Read_AnySize_IsTheMeanOfEachCell(int width, int height)
    {
        foreach (int depth in (int[])[8, 10])
        {
            using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(width, height, depth), 6);
            byte[] cells = new byte[LumaThumbnail.Length];
            LumaThumbnail.Read(owned.Frame, cells);
            for (int i = 0; i < cells.Length; i++)
            {
                (int left, int right) = Cell(i % 32, 32, width);
                (int top, int bottom) = Cell(i / 32, 18, height);
                double sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    for (int x = left; x < right; x++)
                    {
                        sum += owned.Sample(0, x, y) >> (depth - 8);
                    }
                }

                Assert.Equal(sum / ((right - left) * (bottom - top)), cells[i], 0.501);
            }
        }
    }

    [Fact]
    public void Read_TallFrame_DoesNotOverflow()
    {
        FrameFormat format = Formats.Plain(33, 18 * 700);
        using OwnedFrame owned = new(format);
        owned.Fill((_, _, _) => 255);
        byte[] cells = new byte[LumaThumbnail.Length];
        LumaThumbnail.Read(owned.Frame, cells);
        Assert.All(cells, value => Assert.Equal(255, value));
    }

    [Fact]
    public void Difference_OfOneStep_IsOne()
    {
        byte[] a = new byte[LumaThumbnail.Length],
            b = Enumerable.Repeat((byte)1, LumaThumbnail.Length).ToArray();
        Assert.Equal(0, LumaThumbnail.Difference(a, a));
        Assert.Equal(1, LumaThumbnail.Difference(a, b));
        Assert.Equal(1, LumaThumbnail.Difference(b, a));
    }

    [Fact]
    public void Read_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(400, 300), 6);
        byte[] cells = new byte[LumaThumbnail.Length];
        Assert.Equal(0, Allocations.Of(() => LumaThumbnail.Read(owned.Frame, cells)));
    }

    private static (int, int) Cell(int cell, int cells, int size)
    {
        int first = Math.Min(cell * size / cells, size - 1);
        return (first, Math.Max((cell + 1) * size / cells, first + 1));
    }
}
