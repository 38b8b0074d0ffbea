using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

public sealed class ScratchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fetch_AfterOneThatWasBrokenOff_GivesTheWholeBlob()
    {
        byte[] bytes = [1, 2, 3];
        BlobName name = BlobName.Parse("jobs/x/segment");
        ElsewhereStore store = new(new DiskBlobStore(_folder.PathOf("elsewhere")));
        _ = await store.PutAsync(name, new MemoryStream(bytes), CancellationToken.None);
        using WorkFolder work = new(_folder.PathOf("work"));
        Scratch scratch = new(work, store);
        using Scratch.Folder folder = scratch.Make();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            scratch.FetchAsync(name, folder, new CancellationToken(canceled: true))
        );
        string path = await scratch.FetchAsync(name, folder, CancellationToken.None);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }
}
