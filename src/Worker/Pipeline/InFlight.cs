using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>Threads of the stages of one chunk that work in lanes.</summary>
/// <param name="Analyse">Measure faces of frames, side by side.</param>
/// <param name="Fuse">Fuse frames, side by side.</param>
/// <param name="Together">Those that fuse in all chunks of a process, see <see cref="LaneShare"/>; null: all of them.</param>
public sealed record LaneCounts(int Analyse, int Fuse, int? Together = null)
{
    public static LaneCounts One { get; } = new(1, 1);
}

/// <summary>
/// How much is worked on at a time, from what the machine is: the one place of the formula.
/// <para>
/// A chunk costs the start of a decoder and an encoder, frames that are decoded and not used, and memory: there are as many as cores, which
/// hide each other's beginnings and ends (a card's decoder takes a second to start). Within each, lanes fill the cores twice, and are four
/// where the cores are, so that a chunk that is alone is not slow. On an accelerator a thread that waits for it costs little:
/// finding has three batches of lanes, two on the device and one that fills. Fusing has two in all: lanes that have cut and pasted fill the
/// next one, and with four a card was slower (715 frames/s instead of 732; docs/performance.md). But a chunk that is alone has four lanes
/// there, too, so chunks share them. The memory of a chunk (frames of 1080p and two children) is taken as one GiB, and half of the machine's
/// is used at most.
/// </para>
/// </summary>
/// <param name="Chunks">Chunks at a time.</param>
/// <param name="Lanes">Threads of each.</param>
public sealed record InFlight(int Chunks, LaneCounts Lanes)
{
    private const int FewestChunks = 2;
    private const int MostChunks = 64;
    private const int FewLanes = 4;
    private const int MostLanes = 32;
    private const int BestBatch = 16;
    private const long ChunkBytes = 1L << 30;

    /// <param name="cores">Of the machine.</param>
    /// <param name="memory">Bytes of the machine, or of what it grants this process.</param>
    /// <param name="isAccelerated">Networks run elsewhere than on the cores.</param>
    /// <param name="findsOnCores">Those that find faces run on the cores all the same.</param>
    /// <param name="chunks">As the user wants; null: by cores and memory.</param>
    /// <param name="batch">Largest batch that was asked for; null: the best.</param>
    public static InFlight For(
        int cores,
        long memory,
        bool isAccelerated,
        bool findsOnCores = false,
        int? chunks = null,
        int? batch = null
    )
    {
        int fitting = (int)Math.Clamp(memory / 2 / ChunkBytes, 1, MostChunks);
        int count = chunks ?? Math.Clamp(cores, Math.Min(FewestChunks, fitting), fitting);
        int rows = batch ?? BestBatch;
        int onCores = Math.Min(cores, Math.Max(FewLanes, 2 * cores / count));
        int together = Math.Max(cores, 2 * rows);
        int Each(int lanes) => Math.Clamp((lanes + count - 1) / count, 1, MostLanes);
        LaneCounts lanes = new(onCores, onCores);
        if (isAccelerated)
        {
            lanes = new LaneCounts(
                findsOnCores ? onCores : Each(Math.Max(cores, 3 * rows)),
                Math.Max(FewLanes, Each(together)),
                together
            );
        }

        return new InFlight(count, lanes);
    }

    /// <summary>On this machine.</summary>
    public static InFlight Here(InferenceDevice device, int? chunks = null) =>
        For(
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            device.Plan.Device != DeviceWish.Cpu,
            device.FindsOnCpu,
            chunks,
            device.Plan.Choice.Batch
        );

    public override string ToString() =>
        $"{Chunks} chunk{(Chunks == 1 ? "" : "s")} in flight; in each, {Lanes.Analyse} lane{(Lanes.Analyse == 1 ? "" : "s")} to find faces and {Lanes.Fuse} to fuse them"
        + (Lanes.Together < Chunks * Lanes.Fuse ? $" ({Lanes.Together} of all chunks at a time)" : "");
}
