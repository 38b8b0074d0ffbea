namespace FaceFusion.Batch.Contracts.Events;

/// <summary>
/// A worker says that it is alive, every few seconds. <see cref="Slots"/> 0: it takes nothing more.
/// </summary>
/// <param name="WorkerId">Unique over the life of the worker's process.</param>
/// <param name="Slots">Chunks that it works on at once.</param>
/// <param name="Busy">Chunks that it works on now.</param>
/// <param name="IsDraining">It was told to take nothing more until it is told otherwise.</param>
/// <param name="Device">What its models run on; null: it has not asked for any yet.</param>
/// <param name="Build">Hash over its code, its built-in models and their devices; null: it has not loaded them yet.</param>
public sealed record WorkerReported(
    string WorkerId,
    int Slots,
    int Busy,
    bool IsDraining = false,
    string? Device = null,
    string? Build = null
);
