using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Imaging.Tests.Sampling;

public sealed unsafe class SummingTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Apply_AnySize_AddsSquares(int halvings, bool paired)
    {
        PlaneSums sums = new(halvings, paired);
        Random random = new(5);
        for (int width = 1; width < 131; width++)
        {
            int height = 1 + (width * 7 % 23);
            int stride = width + 3;
            byte[] bytes = new byte[stride * height];
            random.NextBytes(bytes);
            bytes.AsSpan(0, bytes.Length / 2).Fill(255);
            ushort[] words = [.. bytes.Select(value => (ushort)(value * 3))];
            Assert.Equal(Expected([.. bytes], stride, width, height, sums), Apply<byte, ByteSamples>(bytes));

            // Three times the most that eight bits hold are sums that still fit ten bits' room.
            if (sums.Unit <= 64)
            {
                ushort[] expected = Expected([.. words], stride, width, height, sums);
                Assert.Equal(expected, Apply<ushort, WordSamples>(words));
            }

            ushort[] Apply<T, TKind>(T[] from)
                where T : unmanaged
                where TKind : ISampleKind<T>
            {
                ushort[] into = new ushort[width * height];
                fixed (T* start = from)
                fixed (ushort* to = into)
                {
                    Summing.Apply<T, TKind>(start, stride, width, height, sums, to);
                }

                return into[..(Halved(width, halvings) * Halved(height, halvings))];
            }
        }
    }

    [Theory]
    [InlineData(2.5f, 8, 0, false)]
    [InlineData(2.6f, 8, 0, true)]
    [InlineData(5.1f, 8, 1, true)]
    [InlineData(21, 8, 3, true)]
    [InlineData(5000, 8, 3, true)]
    [InlineData(5000, 10, 2, true)]
    [InlineData(5000, 12, 1, true)]
    [InlineData(5000, 16, 0, false)]
    public void For_Step_PreparesAsFarAsWordsHold(float step, int bitDepth, int halvings, bool paired)
    {
        PlaneSums sums = PlaneSums.For(step, PlaneSums.LumaPlain, bitDepth);
        Assert.Equal(new PlaneSums(halvings, paired), sums);
        Assert.True(((1L << bitDepth) - 1) * sums.Unit <= ushort.MaxValue);
    }

    /// <summary>What a plane, each of its samples one wide, is blurred by in all: the box of the step, at any step.</summary>
    [Fact]
    public void Along_Pairs_BlurAsMuchAsTheStep()
    {
        for (float step = 2.51f; step < 5; step += 0.01f)
        {
            for (int halvings = 0; halvings < 4; halvings++)
            {
                (int taps, float spread) = new PlaneSums(halvings, Paired: true).Along(step, 32);
                double block = Variance(1 << halvings, Math.Pow(0.5, halvings));
                double pair = Variance(2, 1);
                double bilinear = 1 / 6.0;
                double box = ((step * step) + Math.Pow(4, -halvings)) / 12;
                double all = block + pair + bilinear + Variance(taps, spread * step / taps);
                Assert.Equal(box, all, 1e-4);
                Assert.InRange(taps, 2, 2);
            }
        }

        // Of so many points so far apart.
        static double Variance(int count, double apart) =>
            Enumerable.Range(0, count).Average(i => Math.Pow((i - ((count - 1) / 2.0)) * apart, 2));
    }

    private static int Halved(int count, int times) => (count + (1 << times) - 1) >> times;

    private static ushort[] Expected(int[] from, int stride, int width, int height, PlaneSums sums)
    {
        int[] plane = [.. Enumerable.Range(0, width * height).Select(i => from[(i / width * stride) + (i % width)])];
        for (int time = 0; time < sums.Halvings; time++)
        {
            plane = Squares(plane, width, height, 2);
            (width, height) = (Halved(width, 1), Halved(height, 1));
        }

        return [.. (sums.Paired ? Squares(plane, width, height, 1) : plane).Select(sum => (ushort)sum)];
    }

    /// <summary>The sums of 2 × 2 that begin at every so many samples.</summary>
    private static int[] Squares(int[] plane, int width, int height, int every)
    {
        List<int> result = [];
        for (int y = 0; y < height; y += every)
        {
            for (int x = 0; x < width; x += every)
            {
                result.Add(At(x, y) + At(x + 1, y) + At(x, y + 1) + At(x + 1, y + 1));
            }
        }

        return [.. result];

        int At(int x, int y) => plane[(Math.Min(y, height - 1) * width) + Math.Min(x, width - 1)];
    }
}
