namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>The use that a model's licence allows, from the widest to none that is known; <c>models/README.md</c> says which licence is which.</summary>
public enum LicenceClass
{
    /// <summary>Every use; who gives it is known.</summary>
    Permissive,

    /// <summary>Commercial use too, but somebody has to look: who trained it is not told, or some purposes are forbidden.</summary>
    PermissiveUnverified,

    /// <summary>Every use, and conditions on whoever passes it on.</summary>
    Copyleft,

    NonCommercial,

    /// <summary>Research alone.</summary>
    Research,

    /// <summary>Nobody has said, or the catalogue does not know the model.</summary>
    Unknown,
}

/// <summary>The classes as catalogue, API and command line write them.</summary>
public static class LicenceClasses
{
    private static readonly string[] Names =
    [
        "permissive",
        "permissive-unverified",
        "copyleft",
        "non-commercial",
        "research",
        "unknown",
    ];

    /// <summary>From the widest to the narrowest.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string NameOf(LicenceClass licenceClass) => Names[(int)licenceClass];

    /// <summary>What is not one of <see cref="All"/> is unknown.</summary>
    public static LicenceClass Of(string? name) =>
        Array.IndexOf(Names, name) is var place and >= 0 ? (LicenceClass)place : LicenceClass.Unknown;
}
