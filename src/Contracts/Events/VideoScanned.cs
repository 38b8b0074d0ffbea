namespace FaceFusion.Batch.Contracts.Events;

/// <summary>The scan result lies at the URL that <c>ScanVideo</c> named.</summary>
/// <param name="FramesPerSecond">Fuse speed that the worker expects for this format and recipe; sizes the chunks.</param>
public sealed record VideoScanned(Guid JobId, int Attempt, string WorkerId, int People, double FramesPerSecond);
