using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>A joined file, proved to be exact, and the CPU milliseconds that joining, proving and hashing took.</summary>
/// <param name="Path">Where it is, absolute.</param>
/// <param name="Sha256">Of its bytes, lowercase.</param>
public sealed record JoinedVideo(string Path, string Sha256, Verification Verification, double CpuMilliseconds);
