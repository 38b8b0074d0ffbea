using System.ComponentModel.DataAnnotations;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>The PostgreSQL database of a fleet. Printed without the password.</summary>
public sealed record PostgresOptions
{
    /// <summary>An Npgsql connection string. The database must exist; its tables are made and brought up to date by the Coordinator.</summary>
    [Required]
    public required string ConnectionString { get; init; }

    public override string ToString() => "PostgreSQL";
}
