using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>A joined file, proved to be exact, and the CPU milliseconds that joining and proving took.</summary>
/// <param name="Path">Where it is, absolute.</param>
public sealed record JoinedVideo(string Path, Verification Verification, double CpuMilliseconds);
