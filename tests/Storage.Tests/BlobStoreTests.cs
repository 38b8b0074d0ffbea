using System.Security.Cryptography;

namespace FaceFusion.Batch.Storage.Tests;

/// <summary>What every store promises.</summary>
public sealed class BlobStoreTests
{
    private static readonly BlobName Name = BlobName.Parse("jobs/1/x.mp4");

    public static TheoryData<string> Kinds => Stores.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Put_ThenRead_GivesTheSameBytes(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);
        Assert.Null(await store.FindLengthAsync(Name, CancellationToken.None));

        Assert.True(await store.PutAsync(Name, new MemoryStream([1, 2, 3]), CancellationToken.None));

        Assert.Equal([1, 2, 3], await ReadAsync(store));
        Assert.Equal(3, await store.FindLengthAsync(Name, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Put_Nothing_IsABlobOfLengthZero(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);

        Assert.True(await store.PutAsync(Name, new MemoryStream(), CancellationToken.None));

        Assert.Equal(0, await store.FindLengthAsync(Name, CancellationToken.None));
        Assert.Empty(await ReadAsync(store));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task PutFile_OfManyBlocks_GivesTheSameBytes(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);
        byte[] content = RandomNumberGenerator.GetBytes(20_000_001);
        string file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content);

        Assert.True(await store.PutFileAsync(Name, file, CancellationToken.None));
        Assert.False(await store.PutFileAsync(Name, file, CancellationToken.None));

        File.Delete(file);
        Assert.Equal(content.Length, await store.FindLengthAsync(Name, CancellationToken.None));
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await ReadAsync(store)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Put_ANameThatIsTaken_KeepsWhatIsThere(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);
        _ = await store.PutAsync(Name, new MemoryStream([1]), CancellationToken.None);

        Assert.False(await store.PutAsync(Name, new MemoryStream([2, 2]), CancellationToken.None));

        Assert.Equal([1], await ReadAsync(store));
    }

    [Theory]
    [InlineData("disk", 100_000)]
    [InlineData("azure", 100_000)]
    // In blocks, which all of them may stage and one may commit.
    [InlineData("azure", 9_000_000)]
    public async Task Put_ByManyAtOnce_HasOneWinner(string kind, int length)
    {
        IBlobStore store = await Stores.OpenAsync(kind);
        bool[] won = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(() =>
                        store.PutAsync(
                            Name,
                            new MemoryStream([.. Enumerable.Repeat((byte)i, length)]),
                            CancellationToken.None
                        )
                    )
                )
        );

        _ = Assert.Single(won, w => w);
        byte[] bytes = await ReadAsync(store);
        Assert.Equal(length, bytes.Length);
        Assert.Equal([(byte)Array.IndexOf(won, true)], bytes.Distinct());
    }

    [Theory]
    [InlineData("disk", 100)]
    [InlineData("azure", 100)]
    [InlineData("azure", 20_000_000)]
    public async Task Put_CutShort_LeavesNothing(string kind, int length)
    {
        IBlobStore store = await Stores.OpenAsync(kind);

        _ = await Assert.ThrowsAsync<BlobStoreException>(() =>
            store.PutAsync(Name, new BreakingStream(length), CancellationToken.None)
        );

        Assert.Null(await store.FindLengthAsync(Name, CancellationToken.None));
        Assert.Empty(await ListAsync(store, ""));
        // The second try is as long as the first was to be.
        Assert.True(await store.PutAsync(Name, new MemoryStream(new byte[length + 1]), CancellationToken.None));
        Assert.Equal(length + 1, await store.FindLengthAsync(Name, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task List_FindsByPrefixInOrdinalOrder_AndDeleteForgets(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);
        foreach (string name in new[] { "jobs/1/b", "jobs/1/a/c", "jobs/1/a_c", "jobs/1/a-c", "jobs/12/x", "photos/y" })
        {
            _ = await store.PutAsync(BlobName.Parse(name), new MemoryStream([1]), CancellationToken.None);
        }

        string[] ofJob = ["jobs/1/a-c", "jobs/1/a/c", "jobs/1/a_c", "jobs/1/b"];
        Assert.Equal(ofJob, await ListAsync(store, "jobs/1/"));
        Assert.Equal([.. ofJob, "jobs/12/x"], await ListAsync(store, "jobs/1"));
        Assert.Empty(await ListAsync(store, "nothing/"));
        await store.DeleteAsync(BlobName.Parse("jobs/1/b"), CancellationToken.None);
        await store.DeleteAsync(BlobName.Parse("jobs/1/b"), CancellationToken.None);
        Assert.Equal(ofJob[..3], await ListAsync(store, "jobs/1/"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OpenRead_WhatIsNotThere_SaysSo(string kind)
    {
        IBlobStore store = await Stores.OpenAsync(kind);

        BlobStoreException missing = await Assert.ThrowsAsync<BlobStoreException>(() =>
            store.OpenReadAsync(Name, CancellationToken.None)
        );

        Assert.Equal(("blob-missing", false), (missing.Code, missing.IsTransient));
        Assert.Contains(Name.Value, missing.Message);
    }

    private static async Task<byte[]> ReadAsync(IBlobStore store)
    {
        await using Stream content = await store.OpenReadAsync(Name, CancellationToken.None);
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task<List<string>> ListAsync(IBlobStore store, string prefix)
    {
        List<string> names = [];
        await foreach (BlobName name in store.ListAsync(prefix, CancellationToken.None))
        {
            names.Add(name.Value);
        }

        return names;
    }
}
