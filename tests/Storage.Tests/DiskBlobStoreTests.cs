namespace FaceFusion.Batch.Storage.Tests;

public sealed class DiskBlobStoreTests : IDisposable
{
    private static readonly BlobName Name = BlobName.Parse("jobs/1/x.mp4");
    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-store-").FullName;
    private readonly DiskBlobStore _store;

    public DiskBlobStoreTests() => _store = new DiskBlobStore(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Put_ThenRead_GivesTheSameBytes()
    {
        Assert.Null(await _store.FindLengthAsync(Name, CancellationToken.None));
        Assert.True(await _store.PutAsync(Name, new MemoryStream([1, 2, 3]), CancellationToken.None));

        await using Stream content = await _store.OpenReadAsync(Name, CancellationToken.None);
        Assert.Equal([1, 2, 3], await ReadAsync(content));
        Assert.Equal(3, await _store.FindLengthAsync(Name, CancellationToken.None));
        Assert.Equal(_store.FindLocalPath(Name), new Uri(_store.GetReadUrl(Name)).LocalPath);
        Assert.StartsWith(_store.BlobFolder, _store.FindLocalPath(Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_ANameThatIsTaken_KeepsWhatIsThere()
    {
        _ = await _store.PutAsync(Name, new MemoryStream([1]), CancellationToken.None);

        Assert.False(await _store.PutAsync(Name, new MemoryStream([2, 2]), CancellationToken.None));

        await using Stream content = await _store.OpenReadAsync(Name, CancellationToken.None);
        Assert.Equal([1], await ReadAsync(content));
        AssertNothingIncoming();
    }

    [Fact]
    public async Task Put_ByManyAtOnce_HasOneWinner()
    {
        bool[] won = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(i =>
                    Task.Run(() =>
                        _store.PutAsync(
                            Name,
                            new MemoryStream([.. Enumerable.Repeat((byte)i, 100_000)]),
                            CancellationToken.None
                        )
                    )
                )
        );

        _ = Assert.Single(won, w => w);
        await using Stream content = await _store.OpenReadAsync(Name, CancellationToken.None);
        byte[] bytes = await ReadAsync(content);
        Assert.Equal(100_000, bytes.Length);
        _ = Assert.Single(bytes.Distinct());
        AssertNothingIncoming();
    }

    [Fact]
    public async Task Put_CutShort_LeavesNothing()
    {
        _ = await Assert.ThrowsAsync<BlobStoreException>(() =>
            _store.PutAsync(Name, new BreakingStream(), CancellationToken.None)
        );

        Assert.Null(await _store.FindLengthAsync(Name, CancellationToken.None));
        AssertNothingIncoming();
    }

    [Fact]
    public async Task List_FindsByPrefixInOrder_AndDeleteForgets()
    {
        foreach (string name in new[] { "jobs/1/b", "jobs/1/a/c", "jobs/12/x", "photos/y" })
        {
            _ = await _store.PutAsync(BlobName.Parse(name), new MemoryStream([1]), CancellationToken.None);
        }

        Assert.Equal(["jobs/1/a/c", "jobs/1/b"], await ListAsync("jobs/1/"));
        Assert.Equal(["jobs/1/a/c", "jobs/1/b", "jobs/12/x"], await ListAsync("jobs/1"));
        Assert.Empty(await ListAsync("nothing/"));
        await _store.DeleteAsync(BlobName.Parse("jobs/1/b"), CancellationToken.None);
        await _store.DeleteAsync(BlobName.Parse("jobs/1/b"), CancellationToken.None);
        Assert.Equal(["jobs/1/a/c"], await ListAsync("jobs/1/"));
    }

    [Fact]
    public async Task OpenRead_WhatIsNotThere_SaysSo()
    {
        BlobStoreException missing = await Assert.ThrowsAsync<BlobStoreException>(() =>
            _store.OpenReadAsync(Name, CancellationToken.None)
        );

        Assert.Equal("blob-missing", missing.Code);
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

    private async Task<List<string>> ListAsync(string prefix)
    {
        List<string> names = [];
        await foreach (BlobName name in _store.ListAsync(prefix, CancellationToken.None))
        {
            names.Add(name.Value);
        }

        return names;
    }

    private static async Task<byte[]> ReadAsync(Stream content)
    {
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private sealed class BreakingStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.Write(new byte[100]);
            throw new IOException("The line broke.");
        }
    }
}
