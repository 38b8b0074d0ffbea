namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to the Coordinator's media role: put an upload's blocks together, check their hash, look into them.</summary>
/// <param name="UploadId">The upload.</param>
/// <param name="Attempt">The fencing token of the check: only the newest is accepted.</param>
public sealed record CheckUpload(Guid UploadId, int Attempt);
