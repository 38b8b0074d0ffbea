using System.Security.Cryptography;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Tests.Finding;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Filtering;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Landmarks;

/// <summary>Equal to OpenCV to the last bit: see <c>Goldens/finding.py</c>.</summary>
public sealed class DarkCropTests
{
    private const int Size = 256;
    private const int Plane = Size * Size;

    [Fact]
    public void Lab8_EveryColour_IsOpenCvs()
    {
        byte[][] from = [new byte[Plane], new byte[Plane], new byte[Plane]];
        byte[][] to = [new byte[Plane], new byte[Plane], new byte[Plane]];
        byte[] pixels = new byte[3 * Plane];
        using IncrementalHash toLab = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash toRgb = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Plane; i++)
        {
            from[1][i] = (byte)(i / Size);
            from[2][i] = (byte)(i % Size);
        }

        for (int level = 0; level < 256; level++)
        {
            from[0].AsSpan().Fill((byte)level);
            Lab8.FromRgb(from[0], from[1], from[2], to[0], to[1], to[2]);
            toLab.AppendData(Interleave(to[0], to[1], to[2], pixels));
            Lab8.ToRgb(from[0], from[1], from[2], to[0], to[1], to[2]);
            toRgb.AppendData(Interleave(to[0], to[1], to[2], pixels));
        }

        Assert.Equal(FindingGoldens.All.Lab[0], Convert.ToHexStringLower(toLab.GetHashAndReset()));
        Assert.Equal(FindingGoldens.All.Lab[1], Convert.ToHexStringLower(toRgb.GetHashAndReset()));
    }

    [Fact]
    public void Apply_DarkLightness_IsOpenCvs()
    {
        byte[] planes = Picture(divisor: 5);
        Span<byte> lightness = planes.AsSpan(0, Plane);
        Lab8.FromRgb(
            planes.AsSpan(0, Plane),
            planes.AsSpan(Plane, Plane),
            planes.AsSpan(2 * Plane),
            lightness,
            planes.AsSpan(Plane, Plane),
            planes.AsSpan(2 * Plane)
        );

        new Clahe(Size, Size, 2, 8).Apply(lightness);

        Assert.Equal(FindingGoldens.Read("dark.bin"), lightness.ToArray());
    }

    [Fact]
    public void Lighten_DarkAndBrightCrop_IsOpenCvs()
    {
        DarkCrop dark = new(Size);
        foreach (FindingGoldens.DarkCase golden in FindingGoldens.All.Dark)
        {
            byte[] planes = Picture(golden.Divisor);
            byte[] before = [.. planes];

            dark.Lighten(planes);

            byte[] pixels = Interleave(
                planes.AsSpan(0, Plane),
                planes.AsSpan(Plane, Plane),
                planes.AsSpan(2 * Plane),
                new byte[3 * Plane]
            );
            Assert.Equal(golden.Sha256, Convert.ToHexStringLower(SHA256.HashData(pixels)));
            Assert.Equal(golden.Dark, planes.Average(v => v) > before.Average(v => v) + 10);
        }
    }

    [Fact]
    public void Clahe_TilesThatDoNotDivide_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new Clahe(250, 256, 2, 8));

    /// <summary>The golden's picture as it is, transposed, and upside down.</summary>
    private static byte[] Picture(int divisor)
    {
        byte[] planes = new byte[3 * Plane];
        for (int i = 0; i < Plane; i++)
        {
            (int x, int y) = (i % Size, i / Size);
            planes[i] = (byte)(FindingGoldens.Level(x, y) / divisor);
            planes[Plane + i] = (byte)(FindingGoldens.Level(y, x) / divisor);
            planes[(2 * Plane) + i] = (byte)(FindingGoldens.Level(x, Size - 1 - y) / divisor);
        }

        return planes;
    }

    private static byte[] Interleave(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, byte[] pixels)
    {
        for (int i = 0; i < a.Length; i++)
        {
            pixels[3 * i] = a[i];
            pixels[(3 * i) + 1] = b[i];
            pixels[(3 * i) + 2] = c[i];
        }

        return pixels;
    }
}
