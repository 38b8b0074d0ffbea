using FaceFusion.Batch.ModelPack.Building;
using FaceFusion.Batch.ModelPack.Tests.Oracle;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.ModelPack.Tests.Building;

/// <summary>The originals and the runtime that they were made for, fetched once.</summary>
public sealed class PackFixture : IDisposable
{
    public PackSources Sources { get; } = PackSources.Fetch(Footage.SolutionFolder());

    public OriginalRuntime Runtime { get; } = new();

    public void Dispose() => Runtime.Dispose();
}

[CollectionDefinition(Name)]
public sealed class PackCollection : ICollectionFixture<PackFixture>
{
    public const string Name = "pack";
}
