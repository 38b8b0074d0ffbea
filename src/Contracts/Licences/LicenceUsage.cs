namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>What results are for, as whoever asks for them declares it; each asks more of a licence than the one before.</summary>
public enum LicenceUsage
{
    /// <summary>Nobody has said: licences are shown, and nothing is refused.</summary>
    Unspecified,

    NonCommercial,

    Commercial,
}

/// <summary>The uses as they are written on command lines and in variables.</summary>
public static class LicenceUsages
{
    /// <summary>What a user can declare.</summary>
    public static IReadOnlyList<string> Declarable { get; } = ["commercial", "non-commercial"];

    public static string NameOf(LicenceUsage usage) =>
        usage switch
        {
            LicenceUsage.Commercial => "commercial",
            LicenceUsage.NonCommercial => "non-commercial",
            _ => "unspecified",
        };

    /// <summary>Null: it is no use. Empty or missing is <see cref="LicenceUsage.Unspecified"/>.</summary>
    public static LicenceUsage? Find(string? name) =>
        name switch
        {
            null or "" or "unspecified" => LicenceUsage.Unspecified,
            "non-commercial" => LicenceUsage.NonCommercial,
            "commercial" => LicenceUsage.Commercial,
            _ => null,
        };

    /// <summary>Of two declarations for the same work the one that asks more counts.</summary>
    public static LicenceUsage Stricter(LicenceUsage one, LicenceUsage other) => one > other ? one : other;
}
