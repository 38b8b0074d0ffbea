using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Puts identities on people as the recipe says.</summary>
public static class PeopleSelection
{
    /// <param name="people">Most prominent first, numbered from 1.</param>
    /// <param name="identities">Names in the user's order; empty: nobody gets one.</param>
    /// <param name="warnings">Receives what the user should know and did not ask for.</param>
    /// <exception cref="InvalidRecipeException"><c>map-unknown-person</c>, <c>map-unknown-identity</c>.</exception>
    public static IReadOnlyList<Person> Resolve(
        IReadOnlyList<Person> people,
        FaceSelection selection,
        IReadOnlyList<string> identities,
        ICollection<string> warnings
    )
    {
        people = [.. people.Select(person => person with { IsMeant = IsMeant(person.Number, selection) })];
        if (identities.Count == 0)
        {
            return people;
        }

        if (selection.Mode == SelectionMode.Map)
        {
            CheckMap(people, selection.Map, identities);
        }
        else if (people.Count > 0 && selection.Mode == SelectionMode.One && identities.Count > 1)
        {
            warnings.Add(
                $"{identities.Count} identities were given but only the most prominent person is meant; "
                    + $"{identities[0]} is used. Choose all faces or map persons to use the others."
            );
        }

        return [.. people.Select(person => person with { Identity = Choose(person.Number, selection, identities) })];
    }

    /// <summary>Those who are meant get the identities in turn.</summary>
    /// <param name="meant">Their numbers, in the order in which identities are dealt out.</param>
    /// <inheritdoc cref="Resolve(IReadOnlyList{Person}, FaceSelection, IReadOnlyList{string}, ICollection{string})" path="/param"/>
    public static IReadOnlyList<Person> Resolve(
        IReadOnlyList<Person> people,
        IReadOnlyList<int> meant,
        IReadOnlyList<string> identities,
        ICollection<string> warnings
    )
    {
        if (people.Count > 0 && meant.Count == 0)
        {
            warnings.Add("The selector means nobody of the people in the target: nobody's face is changed.");
        }

        Dictionary<int, int> turns = meant.Select((number, turn) => (number, turn)).ToDictionary();
        return
        [
            .. people.Select(person =>
                turns.TryGetValue(person.Number, out int turn)
                    ? person with
                    {
                        IsMeant = true,
                        Identity = identities.Count == 0 ? null : identities[turn % identities.Count],
                    }
                    : person
            ),
        ];
    }

    private static bool IsMeant(int number, FaceSelection selection) =>
        selection.Mode switch
        {
            SelectionMode.One => number == 1,
            SelectionMode.All => true,
            _ => selection.Map.ContainsKey(number),
        };

    private static string? Choose(int number, FaceSelection selection, IReadOnlyList<string> identities) =>
        selection.Mode switch
        {
            SelectionMode.One => number == 1 ? identities[0] : null,
            SelectionMode.All => identities[(number - 1) % identities.Count],
            _ => selection.Map.GetValueOrDefault(number),
        };

    private static void CheckMap(
        IReadOnlyList<Person> people,
        IReadOnlyDictionary<int, string> map,
        IReadOnlyList<string> identities
    )
    {
        foreach ((int number, string identity) in map)
        {
            if (people.All(person => person.Number != number))
            {
                string found = people.Count == 1 ? "1 person" : $"{people.Count} people";
                throw new InvalidRecipeException(
                    "map-unknown-person",
                    $"The map names person {number}, but the scan found {found} in the target; `ffb scan` shows them."
                );
            }

            if (!identities.Contains(identity))
            {
                throw new InvalidRecipeException(
                    "map-unknown-identity",
                    $"The map gives person {number} the identity {identity}, but there are only: {string.Join(", ", identities)}."
                );
            }
        }
    }
}
