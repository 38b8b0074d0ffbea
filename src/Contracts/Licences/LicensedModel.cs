namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>A row of the catalogue, as far as licences are concerned.</summary>
/// <param name="Id">Of the model card.</param>
/// <param name="Role">What it does.</param>
/// <param name="Licence">As its distributor states it.</param>
/// <param name="Class">The use that it allows.</param>
/// <param name="Needs">Ids of models without which it cannot run.</param>
public sealed record LicensedModel(
    string Id,
    string Role,
    string Licence,
    LicenceClass Class,
    IReadOnlyList<string> Needs
)
{
    /// <summary>One that the catalogue does not know: nothing can be said for it.</summary>
    public static LicensedModel Stranger(string id) => new(id, "", "not stated", LicenceClass.Unknown, []);

    public override string ToString() => $"{Id} ({Licence}: {LicenceClasses.NameOf(Class)})";
}
