using System.ComponentModel.DataAnnotations;

namespace FaceFusion.Batch.Storage.Azure;

/// <summary>Which container of Azure Blob Storage holds the blobs. Printed without the key.</summary>
public sealed record AzureStoreOptions
{
    /// <summary>An Azure Storage connection string with an account key: the key signs the addresses that workers are given.</summary>
    [Required]
    public required string ConnectionString { get; init; }

    /// <summary>3 to 63 lower-case letters, digits and hyphens. Made if it is missing. Default: ffb.</summary>
    [RegularExpression("^[a-z0-9](-?[a-z0-9]){2,62}$")]
    public string Container { get; init; } = "ffb";

    /// <summary>
    /// How long an address made by <see cref="IBlobStore.GetReadUrl"/> or <see cref="IBlobStore.GetCreateUrl"/> is good for, in
    /// minutes: at least as long as a released chunk may wait and be worked on. Default: 60.
    /// </summary>
    [Range(0.05, 1440)]
    public double AddressMinutes { get; init; } = 60;

    public override string ToString() => $"Azure Blob Storage, container {Container}";
}
