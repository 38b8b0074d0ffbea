using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>A session that knows whether its memory is this process's own, and how many runs make a batch.</summary>
internal sealed class DeviceSession(byte[] model, SessionOptions options, bool isRemote)
    : InferenceSession(model, options)
{
    /// <summary>
    /// Runs that may be on a device of its own memory at a time. Each takes buffers and library handles of its own there, over a GiB with a
    /// swapper of 138 million values: a thread for each lane of each chunk exhausts 78 GiB.
    /// </summary>
    public const int MostAtOnce = 4;

    private readonly Lock _guard = new();
    private readonly SemaphoreSlim? _turns = isRemote ? new SemaphoreSlim(MostAtOnce) : null;
    private SessionBatcher? _batcher;

    /// <summary>
    /// The device has memory of its own: what is bound as an input is copied there when it is bound, and not again when the network runs.
    /// </summary>
    public bool IsRemote { get; } = isRemote;

    /// <summary>Runs that are collected to one; 1: each runs alone. Set before the first of them.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>Classes of a batch's rows; those of one give the same bits. Set before the first run.</summary>
    public IReadOnlyList<int>? Classes { get; set; }

    /// <summary>Batches that ran with so many rows in use, by rows; empty: none are made.</summary>
    public IReadOnlyList<long> Rounds => _batcher?.Rounds ?? [];

    /// <summary>Where a thread with one row runs; null: by itself.</summary>
    /// <param name="name">Of the model, for messages.</param>
    /// <param name="isRow">Its inputs and outputs are rows: of first dimension 1.</param>
    public SessionBatcher? BatcherFor(string name, bool isRow)
    {
        if (Batch < 2 || !isRow)
        {
            return null;
        }

        lock (_guard)
        {
            return _batcher ??= new SessionBatcher(
                Batch,
                IsRemote ? 2 : 1,
                rows => new BoundSession(this, name, rows),
                classes: Classes
            );
        }
    }

    /// <summary>Waits until the device has room for a run, which ends with <see cref="EndRun"/>.</summary>
    public void BeginRun() => _turns?.Wait();

    public void EndRun() => _ = _turns?.Release();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batcher?.Dispose();
            _turns?.Dispose();
        }

        base.Dispose(disposing);
    }
}
