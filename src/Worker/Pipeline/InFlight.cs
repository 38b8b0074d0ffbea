using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// How much is worked on at a time, from what the machine is: the one place of the formula.
/// <para>
/// On the CPU a chunk's threads wait for each other more than they run side by side, so there is one chunk more than cores, and a lane
/// more in each only where the user wants fewer chunks than cores. On an accelerator a thread that waits for it costs nothing: lanes are
/// added until batches are full: two on the device and one that fills, and a third more, because runs whose inputs say the same row do not
/// share a batch. The memory of a chunk (frames of 1080p and two
/// children) is taken as half a GiB, and half of the machine's is used at most.
/// </para>
/// </summary>
/// <param name="Chunks">Chunks at a time.</param>
/// <param name="Lanes">Threads that fuse the frames of each.</param>
public sealed record InFlight(int Chunks, int Lanes)
{
    private const int MostChunks = 64;
    private const int MostLanes = 8;
    private const int BestBatch = 32;
    private const long ChunkBytes = 1L << 29;

    /// <param name="cores">Of the machine.</param>
    /// <param name="memory">Bytes of the machine, or of what it grants this process.</param>
    /// <param name="isAccelerated">Networks run elsewhere than on the cores.</param>
    /// <param name="chunks">As the user wants; null: by cores and memory.</param>
    /// <param name="batch">Largest batch that was asked for; null: the best.</param>
    public static InFlight For(int cores, long memory, bool isAccelerated, int? chunks = null, int? batch = null)
    {
        int fitting = (int)Math.Clamp(memory / 2 / ChunkBytes, 1, MostChunks);
        int count = chunks ?? Math.Clamp(cores + 1, 1, fitting);
        int threads = isAccelerated ? Math.Max(cores, 4 * (batch ?? BestBatch)) : cores;
        return new InFlight(count, Math.Clamp((threads + count - 1) / count, 1, MostLanes));
    }

    /// <summary>On this machine.</summary>
    public static InFlight Here(DevicePlan device, int? chunks = null) =>
        For(
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            device.Device != DeviceWish.Cpu,
            chunks,
            device.Choice.Batch
        );

    public override string ToString() =>
        $"{Chunks} chunk{(Chunks == 1 ? "" : "s")} in flight, {Lanes} lane{(Lanes == 1 ? "" : "s")} each";
}
