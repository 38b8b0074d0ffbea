using FaceFusion.Batch.Storage.Disk;

namespace FaceFusion.Batch.Storage.Tests.Disk;

/// <summary>What is peculiar to a folder; the rest is in <see cref="BlobStoreTests"/>.</summary>
public sealed class DiskBlobStoreTests : IDisposable
{
    private static readonly BlobName Name = BlobName.Parse("jobs/1/x.mp4");
    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-store-").FullName;
    private readonly DiskBlobStore _store;

    public DiskBlobStoreTests() => _store = new DiskBlobStore(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Urls_PointToTheFileInsideTheFolder()
    {
        Assert.Equal(_store.FindLocalPath(Name), new Uri(_store.GetReadUrl(Name)).LocalPath);
        Assert.Equal(_store.FindLocalPath(Name), new Uri(_store.GetCreateUrl(Name)).LocalPath);
        Assert.StartsWith(_store.BlobFolder, _store.FindLocalPath(Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_WhateverBecomesOfIt_LeavesNothingIncoming()
    {
        Assert.True(await _store.PutAsync(Name, new MemoryStream([1]), CancellationToken.None));
        Assert.False(await _store.PutAsync(Name, new MemoryStream([2]), CancellationToken.None));
        BlobName other = BlobName.Parse("jobs/1/y.mp4");
        _ = await Assert.ThrowsAsync<BlobStoreException>(() =>
            _store.PutAsync(other, new BreakingStream(100), CancellationToken.None)
        );

        AssertNothingIncoming();
    }

    [Fact]
    public void Of_AFullDisk_SaysWhatToDo()
    {
        // A device that is always full, where the system has one; elsewhere the same error number.
        IOException full = File.Exists("/dev/full")
            ? Assert.ThrowsAny<IOException>(() =>
            {
                using FileStream device = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
                device.Write(new byte[4096]);
            })
            : new IOException("No space left on device", 28);

        BlobStoreException fault = BlobStoreException.Of(full, "/work");
        Assert.Equal(("disk-full", false), (fault.Code, fault.IsTransient));
        Assert.Contains("/work is full. Free some space", fault.Message);
    }

    [Fact]
    public void SweepIncoming_DeletesWhatADeadProcessLeft()
    {
        File.WriteAllBytes(Path.Combine(_folder, "incoming", "half"), [1]);

        _store.SweepIncoming();

        AssertNothingIncoming();
    }

    [Fact]
    public void Open_WhereAFileIsInTheWay_IsRefusedByName()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllBytes(file, [1]);

        BlobStoreException refused = Assert.Throws<BlobStoreException>(() => new DiskBlobStore(file));

        Assert.Contains(file, refused.Message);
    }

    private void AssertNothingIncoming() => Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "incoming")));
}
