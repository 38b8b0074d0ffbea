using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>A joined file, proved to be exact, and the CPU milliseconds that joining and proving took.</summary>
public sealed record JoinedVideo(Verification Verification, double CpuMilliseconds);
