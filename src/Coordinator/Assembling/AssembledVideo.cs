using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>A joined and verified result that nobody sees yet.</summary>
public sealed record AssembledVideo(string Path, string Sha256, Verification Verification, double CpuMilliseconds);
