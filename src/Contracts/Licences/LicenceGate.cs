using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Contracts.Licences;

/// <summary>
/// May these models be used for this? The narrowest licence among them is the licence of the whole.
/// <para>
/// Commercial use needs a licence that allows it as it stands. <c>copyleft</c> is refused with those that forbid it: such a licence has
/// conditions on whoever passes the weights on, in an image of a worker for one, and whether they are met cannot be seen from here.
/// A use that is declared non-commercial is refused nothing; what is for research alone, or of unknown licence, is named.
/// </para>
/// </summary>
public static class LicenceGate
{
    /// <summary>The narrowest class that commercial use is allowed with.</summary>
    public const LicenceClass NarrowestForCommercialUse = LicenceClass.PermissiveUnverified;

    /// <param name="models">Every model that is pulled in.</param>
    /// <param name="usage">What results are for.</param>
    public static LicenceVerdict Judge(IReadOnlyList<LicensedModel> models, LicenceUsage usage) =>
        new(
            usage,
            models,
            usage == LicenceUsage.Commercial ? [.. models.Where(m => m.Class > NarrowestForCommercialUse)] : []
        );
}

/// <summary>What the gate says.</summary>
/// <param name="Usage">What was declared.</param>
/// <param name="Models">What was judged.</param>
/// <param name="Offending">Those whose licences forbid that use; none: it is allowed.</param>
public sealed record LicenceVerdict(
    LicenceUsage Usage,
    IReadOnlyList<LicensedModel> Models,
    IReadOnlyList<LicensedModel> Offending
)
{
    /// <summary>Of the failure where it is refused.</summary>
    public const string Code = "model-licence";

    public const string Gate = "licence";

    public bool IsAllowed => Offending.Count == 0;

    /// <summary>Of the whole: the narrowest of all.</summary>
    public LicenceClass Class => Models.Count == 0 ? LicenceClass.Permissive : Models.Max(model => model.Class);

    /// <summary>In one sentence, with every model that is in the way, or that makes the whole what it is.</summary>
    public string Sentence
    {
        get
        {
            if (!IsAllowed)
            {
                return $"Licences forbid commercial use of {Of(Offending)}: choose other models, or declare the use that it is.";
            }

            string whole = $"the models together are {LicenceClasses.NameOf(Class)}";
            string why =
                Class == LicenceClass.Permissive ? "" : $", because of {Of(Models.Where(m => m.Class == Class))}";
            return Usage == LicenceUsage.Unspecified
                ? $"The use was not declared; {whole}{why}."
                : $"Declared as {LicenceUsages.NameOf(Usage)} use; {whole}{why}.";
        }
    }

    public GateVerdict ToGate() =>
        new(
            Gate,
            !IsAllowed ? "declined"
                : Usage == LicenceUsage.Unspecified ? "not-declared"
                : "passed",
            Sentence
        );

    /// <exception cref="InvalidRecipeException"><c>model-licence</c>: the use is not allowed.</exception>
    public void Require()
    {
        if (!IsAllowed)
        {
            throw new InvalidRecipeException(Code, Sentence);
        }
    }

    private static string Of(IEnumerable<LicensedModel> models) => string.Join(", ", models);
}
