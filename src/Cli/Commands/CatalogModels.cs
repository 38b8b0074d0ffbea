using System.CommandLine;
using System.CommandLine.Completions;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Options whose values are models of the catalogue: Tab completes those of a role.</summary>
internal static class CatalogModels
{
    /// <param name="name">Of the option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="helpName">How its value is called.</param>
    /// <param name="role">Of the models that are offered.</param>
    /// <param name="others">Words that are offered as well.</param>
    public static Option<string?> Option(
        string name,
        string description,
        string helpName,
        string role,
        params string[] others
    ) => Completed(new Option<string?>(name) { Description = description, HelpName = helpName }, role, others);

    /// <inheritdoc cref="Option"/>
    public static Option<string[]> OptionOfSeveral(string name, string description, string helpName, string role) =>
        Completed(new Option<string[]>(name) { Description = description, HelpName = helpName }, role, []);

    private static T Completed<T>(T option, string role, string[] others)
        where T : Option
    {
        option.CompletionSources.Add(_ => Ids(role, others));
        return option;
    }

    private static IEnumerable<CompletionItem> Ids(string role, string[] others)
    {
        try
        {
            return
            [
                .. ModelCatalog
                    .Load(Installation.ModelsFolder())
                    .Cards.Where(card =>
                        card.Role == role && (!card.IsBuiltIn || card.Id == SwapStep.Mesh) && card.Family != "fan-68-5"
                    )
                    .Select(card => card.Id)
                    .Concat(others)
                    .Select(id => new CompletionItem(id)),
            ];
        }
        catch (ModelException)
        {
            // Without a catalogue there is nothing to complete; the command itself says what is wrong.
            return [];
        }
    }
}
