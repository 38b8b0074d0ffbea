using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

internal static class Faults
{
    public static Failure Transient { get; } = new(FailureKind.MediaToolFault, "encode-failed", "It broke.", true);
    public static Failure Lasting { get; } = new(FailureKind.MediaToolFault, "decode-failed", "It is broken.", false);
    public static Failure Input { get; } = new(FailureKind.InvalidVideo, "video-truncated", "Bad input.", false);
    public static Failure Stopped { get; } = new(FailureKind.Cancelled, "worker-stopped", "Stopped.", true);
}
