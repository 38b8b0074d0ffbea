using System.Text.Json;
using FaceFusion.Batch.Contracts.Recipes;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Points in time as Unix milliseconds: every database compares them alike.</summary>
public sealed class UnixMilliseconds()
    : ValueConverter<DateTimeOffset, long>(
        t => t.ToUnixTimeMilliseconds(),
        v => DateTimeOffset.FromUnixTimeMilliseconds(v)
    );

/// <summary>Values that are read and written whole, as JSON text.</summary>
public static class Columns
{
    private static readonly JsonSerializerOptions Json = new(RecipeJson.Options) { WriteIndented = false };

    public static PropertyBuilder<T> AsJson<T>(this PropertyBuilder<T> property) =>
        property.HasConversion(
            new ValueConverter<T, string>(
                value => JsonSerializer.Serialize(value, Json),
                text => JsonSerializer.Deserialize<T>(text, Json)!
            ),
            new ValueComparer<T>(
                (a, b) => JsonSerializer.Serialize(a, Json) == JsonSerializer.Serialize(b, Json),
                value => JsonSerializer.Serialize(value, Json).GetHashCode(StringComparison.Ordinal),
                value => value
            )
        );
}
