using System.Runtime.InteropServices;
using System.Text.Json;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests.Goldens;

/// <summary>What <c>enhancing.py</c> wrote.</summary>
internal static class EnhancingGolden
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    /// <summary>Samples of 0 to 255 that are kept in steps of 1/256.</summary>
    public static double[] Samples(string name) =>
        [.. MemoryMarshal.Cast<byte, ushort>(Bytes(name)).ToArray().Select(v => v / 256.0)];

    public static JsonElement Json(string name) => JsonDocument.Parse(Bytes(name)).RootElement;

    private static string PathOf(string name) =>
        Path.Combine(Footage.SolutionFolder(), "tests", "Faces.Tests", "Goldens", $"enhancing-{name}");
}
