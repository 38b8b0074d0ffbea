using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Who is in a target.</summary>
/// <param name="Scan">The people.</param>
/// <param name="SheetPng">Their contact sheet; empty if there is none.</param>
/// <param name="Format">The target's format.</param>
/// <param name="FrameCount">Its displayed frames.</param>
public sealed record ScanOutcome(ScanResult Scan, byte[] SheetPng, VideoFormat Format, int FrameCount);

/// <summary>A finished job's report and the chunk reports that it was made from, in order.</summary>
public sealed record FinishedReport(JobReport Report, IReadOnlyList<ChunkReport> Chunks);
