using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>
/// Where networks are to run: devices in the order of preference. What is not in the list is never used, so that nobody waits for a GPU
/// and gets a CPU unasked.
/// </summary>
public sealed class DeviceChoice
{
    /// <summary>Largest batch that can be asked for.</summary>
    public const int MostBatch = BatchSize.Most;

    private const string AutoName = "auto";

    private DeviceChoice(string text, IReadOnlyList<DeviceWish> wishes)
    {
        Text = text;
        Wishes = wishes;
    }

    /// <summary>The best of what is there: CUDA, on a Mac Core ML, else the CPU. Never TensorRT, which builds engines for minutes first.</summary>
    public static DeviceChoice Auto { get; } = Parse(AutoName);

    public static DeviceChoice Cpu { get; } = Parse(Provider.Cpu.Name);

    /// <summary>What can be written, for messages and help.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [AutoName, .. Provider.All.Select(p => p.IsNumbered ? $"{p.Name}[:N]" : p.Name)];

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>Nobody named a device: what is there is used.</summary>
    public bool IsAuto => Text.Equals(AutoName, StringComparison.OrdinalIgnoreCase);

    /// <summary>At least one, none twice; <c>auto</c> is resolved.</summary>
    public IReadOnlyList<DeviceWish> Wishes { get; }

    /// <summary>Runs of a network that are collected to one; null: what is best for the device. 1: each runs alone.</summary>
    public int? Batch { get; private init; }

    /// <summary>The same devices with another size of batches.</summary>
    /// <param name="batch">1 to 64; null: what is best for the device.</param>
    public DeviceChoice With(int? batch) => new(Text, Wishes) { Batch = batch };

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda:1</c>, <c>tensorrt,cuda,cpu</c>: the first that can be had is used.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: it has another form.</exception>
    public static DeviceChoice Parse(string text)
    {
        List<DeviceWish> wishes = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            wishes.AddRange(part.Equals(AutoName, StringComparison.OrdinalIgnoreCase) ? Best() : [One(part, text)]);
        }

        return new DeviceChoice(text, [.. wishes.Distinct()]);
    }

    public override string ToString() => Text;

    private static DeviceWish[] Best() =>
        OperatingSystem.IsMacOS()
            ? [new DeviceWish(Provider.CoreMl), DeviceWish.Cpu]
            : [new DeviceWish(Provider.Cuda), DeviceWish.Cpu];

    private static DeviceWish One(string part, string text)
    {
        string[] halves = part.Split(':');
        Provider provider =
            Provider.All.FirstOrDefault(p => p.Name.Equals(halves[0], StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong(part, text);
        if (halves.Length == 1)
        {
            return new DeviceWish(provider);
        }

        return
            halves.Length == 2
            && provider.IsNumbered
            && int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new DeviceWish(provider, number)
            : throw Wrong(part, text);
    }

    private static InvalidRecipeException Wrong(string part, string text) =>
        new(
            "usage",
            $"The device '{part}'{(part == text ? "" : $" of '{text}'")} is none of {string.Join(", ", Names)}; "
                + "several in a row, such as cuda,cpu, are tried in that order."
        );
}
