using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Scanning;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>One chunk, blocking; the shape of the pipeline.</summary>
public delegate ChunkFused FuseWork(
    FuseChunk order,
    ChunkFiles files,
    Action<int> onFramesDone,
    CancellationToken stop
);

/// <summary>One scan, blocking.</summary>
public delegate VideoScanned ScanTargetWork(
    ScanVideo order,
    ScanFiles files,
    Action<int> onFramesDone,
    CancellationToken stop
);
