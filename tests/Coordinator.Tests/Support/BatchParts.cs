using System.Text;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>What rows of batches ask for, and such rows.</summary>
internal static class BatchParts
{
    public const string Debug = """{"processors":[{"processor":"debug"}]}""";

    /// <summary>An upload that is ready, without the bytes: for jobs that are not worked on.</summary>
    public static UploadRow ReadyTarget(string tenant, char digit = 'a') =>
        new()
        {
            Id = Guid.CreateVersion7(),
            TenantId = tenant,
            State = UploadState.Ready,
            Purpose = UploadPurpose.Target,
            FileName = "clip.mp4",
            Bytes = 1,
            Sha256 = new string(digit, 64),
            BlockBytes = 1,
            Media = new UploadedMedia(64, 48, false, new Rational(25, 1), 1.2, 0, "h264", []),
        };

    public static SourceRow Source(string tenant, string name = "ann") =>
        new()
        {
            Id = Guid.CreateVersion7(),
            TenantId = tenant,
            Name = name,
            UploadIds = [],
            PhotoSha256 = [new string('c', 64)],
        };

    /// <summary>A manifest of good rows <c>row-1</c>, <c>row-2</c>, ….</summary>
    public static byte[] Lines(string target, int count, int from = 1) =>
        Encoding.UTF8.GetBytes(
            string.Concat(
                Enumerable
                    .Range(from, count)
                    .Select(i => $$"""{"id":"row-{{i}}","target":"{{target}}","recipe":{{Debug}}}""" + "\n")
            )
        );
}
