using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Submitting;

public sealed class SubmitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("missing.mp4", "out.mp4", "target-missing")]
    [InlineData("empty.mp4", "out.mp4", "target-empty")]
    [InlineData("", "out.mp4", "target-unreadable")]
    [InlineData("clip.mp4", "nowhere/out.mp4", "output-folder-missing")]
    [InlineData("clip.mp4", "", "output-is-folder")]
    public async Task Submit_WhatCannotBeRead_OrWritten_IsRefusedByName(string target, string output, string code)
    {
        await File.WriteAllBytesAsync(_folder.PathOf("clip.mp4"), [1]);
        await File.WriteAllBytesAsync(_folder.PathOf("empty.mp4"), []);
        await using Desk desk = await Desk.OpenAsync(_folder);
        JobRequest request = new()
        {
            Target = _folder.PathOf(target),
            Output = _folder.PathOf(output),
            Recipe = new Recipe { Processors = [new DebugStep()] },
        };

        FusionException refused = await Assert.ThrowsAnyAsync<FusionException>(() =>
            desk.Jobs.SubmitAsync(request, CancellationToken.None)
        );

        Assert.Equal(code, refused.Code);
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Empty(context.Jobs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_ATargetOfManyBlocks_IsStoredUnderItsHash(bool isHashKnown)
    {
        byte[] bytes = new byte[(5 << 19) + 7];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(_folder.PathOf("clip.mp4"), bytes);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using Desk desk = await Desk.OpenAsync(_folder);

        _ = await desk.Jobs.SubmitAsync(Request(isHashKnown ? hash : null), CancellationToken.None);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(desk.Store.FindLocalPath(BlobNames.Target(hash))!));
    }

    [Fact]
    public async Task Submit_BytesThatAreNotThoseNamed_IsRefused_AndLeavesNothing()
    {
        await File.WriteAllBytesAsync(_folder.PathOf("clip.mp4"), [1, 2, 3]);
        string other = Convert.ToHexStringLower(SHA256.HashData([1, 2]));
        await using Desk desk = await Desk.OpenAsync(_folder);

        InvalidVideoException refused = await Assert.ThrowsAsync<InvalidVideoException>(() =>
            desk.Jobs.SubmitAsync(Request(other), CancellationToken.None)
        );

        Assert.Equal("target-changing", refused.Code);
        Assert.Null(await desk.Store.FindLengthAsync(BlobNames.Target(other), CancellationToken.None));
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Empty(context.Jobs);
    }

    /// <summary>Another job brings the target while this one reads a file that is no longer it.</summary>
    [Fact]
    public async Task Take_BytesThatAreNotThoseNamed_LeavesWhatAnotherStored()
    {
        byte[] whole = [1, 2];
        await File.WriteAllBytesAsync(_folder.PathOf("clip.mp4"), [1, 2, 3]);
        string hash = Convert.ToHexStringLower(SHA256.HashData(whole));
        await using Desk desk = await Desk.OpenAsync(_folder);
        BlobName name = BlobNames.Target(hash);
        ElsewhereStore store = new(desk.Store)
        {
            BeforePut = () => desk.Store.PutAsync(name, new MemoryStream(whole), CancellationToken.None),
        };

        InvalidVideoException refused = await Assert.ThrowsAsync<InvalidVideoException>(() =>
            new Intake(store).TakeTargetAsync(_folder.PathOf("clip.mp4"), hash, CancellationToken.None)
        );

        Assert.Equal("target-changing", refused.Code);
        Assert.Equal(whole, await File.ReadAllBytesAsync(store.PathOf(name)));
    }

    [Fact]
    public void Of_TheSameRequest_IsTheSame_AndEveryPartOfItCounts()
    {
        Recipe recipe = new() { Processors = [new SwapStep()] };
        StoredSource source = new("a", ["1"]);
        Guid id = JobIds.Of(JobKind.Fuse, "t", [source], recipe, null);

        Assert.Equal(id, JobIds.Of(JobKind.Fuse, "t", [new StoredSource("a", ["1"])], recipe with { }, null));
        Guid[] others =
        [
            JobIds.Of(JobKind.Scan, "t", [source], recipe, null),
            JobIds.Of(JobKind.Fuse, "u", [source], recipe, null),
            JobIds.Of(JobKind.Fuse, "t", [source with { Name = "b" }], recipe, null),
            JobIds.Of(JobKind.Fuse, "t", [new StoredSource("a", ["2"])], recipe, null),
            JobIds.Of(JobKind.Fuse, "t", [source], recipe with { Processors = [new DebugStep()] }, null),
            JobIds.Of(JobKind.Fuse, "t", [source], recipe, 37),
        ];
        Assert.Equal(others.Length + 1, others.Append(id).Distinct().Count());
    }

    private JobRequest Request(string? targetSha256) =>
        new()
        {
            Target = _folder.PathOf("clip.mp4"),
            TargetSha256 = targetSha256,
            Output = _folder.PathOf("out.mp4"),
            Recipe = new Recipe { Processors = [new DebugStep()] },
        };
}
