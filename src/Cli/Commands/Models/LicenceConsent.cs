using System.CommandLine;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands.Models;

/// <summary>
/// Nothing is fetched before its licence was shown and accepted: for a licence that is permissive <c>--yes</c> is enough, any other class
/// must be named, or the question answered at a terminal.
/// </summary>
internal sealed class LicenceConsent
{
    private readonly Option<string[]> _accepted = new("--accept-licence")
    {
        Description = "Accept the licences of this class; give it several times for several",
        HelpName = "CLASS",
    };

    private readonly Option<bool> _yes = new("--yes", "-y")
    {
        Description = "Accept permissive licences without a question",
    };

    public LicenceConsent() => _accepted.AcceptOnlyFromAmong([.. LicenceClasses.All]);

    public IReadOnlyList<Symbol> Options => [_accepted, _yes];

    /// <summary>Shows the licences, and asks where that is needed and possible.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="terminal">Where licences are shown.</param>
    /// <param name="cards">What is to be fetched.</param>
    /// <param name="ask">Reads an answer; null: there is nobody to ask.</param>
    /// <exception cref="InvalidRecipeException"><c>licence-not-accepted</c>.</exception>
    public void Require(
        ParseResult parsed,
        Terminal terminal,
        IReadOnlyList<ModelCard> cards,
        Func<string, string?>? ask
    )
    {
        string[] accepted = parsed.GetValue(_accepted) ?? [];
        List<string> refused = [];
        foreach (IGrouping<string, ModelCard> same in cards.GroupBy(card => card.LicenceClass))
        {
            string what = string.Join(
                "; ",
                same.GroupBy(card => card.Licence)
                    .Select(g => $"{string.Join(", ", g.Select(card => card.Id))} ({g.Key})")
            );
            terminal.Note($"licence {same.Key}: {what}");
            bool isPermissive = LicenceClasses.Of(same.Key) <= LicenceClass.PermissiveUnverified;
            if (accepted.Contains(same.Key) || (isPermissive && parsed.GetValue(_yes)))
            {
                continue;
            }

            if (ask?.Invoke($"Accept these {same.Key} licences? [y/N] ")?.Trim() is not ("y" or "Y" or "yes"))
            {
                refused.Add(isPermissive ? "--yes" : $"--accept-licence {same.Key}");
            }
        }

        if (refused.Count > 0)
        {
            throw new InvalidRecipeException(
                "licence-not-accepted",
                $"Nothing was fetched: read the licences at their vendors, and accept them with {string.Join(' ', refused.Distinct())}."
            );
        }
    }
}
