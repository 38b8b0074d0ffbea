namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Where one model runs.</summary>
/// <param name="Model">Id of its card.</param>
/// <param name="Device">The device, such as <c>cuda:0</c>.</param>
/// <param name="DeviceClass">Devices of one class give the same values: <c>cpu</c>, <c>cuda sm_90</c>.</param>
/// <param name="IsFallback">A preferred device refused it.</param>
/// <param name="Note">Why it is not, or not wholly, on the preferred device; null: it is.</param>
public sealed record ModelPlace(string Model, string Device, string DeviceClass, bool IsFallback, string? Note)
{
    /// <summary>Runs of many threads that are collected to one; 1: each runs alone.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Classes of a batch's rows that give the same bits: the fewer, the fuller batches get.</summary>
    public int RowClasses { get; init; } = 1;

    /// <summary>It is on the CPU because it is better there, not because the device lacks anything.</summary>
    public bool IsByChoice => Note is InferenceDevice.SmallOnCpu or InferenceDevice.AlwaysOnCpu;

    /// <summary>
    /// What decides the values that a model gives: the hash of its file, and, off the CPU, the class of its device. It goes into every
    /// key that promises the same frames.
    /// </summary>
    public static string Key(string sha256, string deviceClass) =>
        deviceClass == Provider.Cpu.Name ? sha256 : $"{sha256} {deviceClass}";

    public override string ToString() =>
        $"{Model} on {Device}{(Batch > 1 ? $", {Batch} at a time in {RowClasses} class{(RowClasses == 1 ? "" : "es")} of rows" : "")}{(Note is null ? "" : $" ({Note})")}";
}
