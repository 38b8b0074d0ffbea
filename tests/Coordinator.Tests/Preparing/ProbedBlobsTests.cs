using FaceFusion.Batch.Coordinator.Preparing;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Preparing;

public sealed class ProbedBlobsTests : IDisposable
{
    private static readonly BlobName Table = BlobNames.FrameTable(Guid.Empty, 1, Guid.Empty);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_WhatWasWritten_IsEqualInEveryPart()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        ProbedBlobs probes = desk.Get<ProbedBlobs>();
        ProbedVideo probed = new VideoProbe(Desk.Tools.Value).Read(TinyClip.FullPath);

        await probes.WriteAsync(Table, probed, CancellationToken.None);
        ProbedVideo read = (await probes.ReadAsync(Table, CancellationToken.None))!;

        Assert.Equal(2, probed.Streams.Count);
        Assert.NotEmpty(probed.Streams[0].Tags);
        Assert.Equivalent(probed, read, strict: true);
    }

    [Fact]
    public async Task ReadAsync_NothingOrSomethingElse_IsNull()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        ProbedBlobs probes = desk.Get<ProbedBlobs>();
        Assert.Null(await probes.ReadAsync(Table, CancellationToken.None));

        using MemoryStream other = new("{\"format\":1}"u8.ToArray());
        _ = await desk.Get<IBlobStore>().PutAsync(BlobNames.Probed(Table), other, CancellationToken.None);

        Assert.Null(await probes.ReadAsync(Table, CancellationToken.None));
    }
}
