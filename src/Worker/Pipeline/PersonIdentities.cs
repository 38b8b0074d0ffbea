using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>Which identity goes on which person of the scan, and which faces the recipe therefore touches.</summary>
internal sealed class PersonIdentities
{
    private readonly Dictionary<int, string> _names = [];
    private readonly HashSet<int> _meant;
    private readonly bool _meansAll;
    private readonly Dictionary<int, float> _ages;
    private readonly bool _edits;
    private readonly IReadOnlyDictionary<string, float[]> _embeddings;
    private readonly bool _swaps;
    private readonly bool _redacts;

    /// <param name="recipe">The job's recipe.</param>
    /// <param name="people">The scan's people with their resolved identities.</param>
    /// <param name="embeddings">Unit embedding of each identity by name; empty when the recipe has no swap.</param>
    public PersonIdentities(
        Recipe recipe,
        IReadOnlyList<Person> people,
        IReadOnlyDictionary<string, float[]> embeddings
    )
    {
        _embeddings = embeddings;
        _swaps = recipe.Processors.Any(p => p is SwapStep);
        _redacts = recipe.Processors.Any(p => p is RedactStep);
        _edits = recipe.Processors.Any(p => p is EnhanceStep or ExpressionStep or AgeStep);
        _meant = [.. people.Where(p => p.IsMeant).Select(p => p.Number)];
        _meansAll = recipe.Selector?.MeansEverybody ?? recipe.Faces.Mode == SelectionMode.All;
        _ages = people
            .Where(p => p.Attributes is not null)
            .ToDictionary(p => p.Number, p => p.Attributes!.Value.Age.Middle);
        foreach (Person person in people)
        {
            if (person.Identity is not null)
            {
                _names[person.Number] = person.Identity;
            }
        }

        // With all, a face that the scan never saw gets the first identity rather than staying as it was.
        if (_meansAll && embeddings.Count > 0)
        {
            _names.TryAdd(0, people.FirstOrDefault(p => p.Identity is not null)?.Identity ?? embeddings.Keys.First());
        }
    }

    /// <summary>Person number to identity name; 0 stands for a face that the scan does not know.</summary>
    public IReadOnlyDictionary<int, string> Names => _names;

    /// <summary>Unit embedding of the identity put on the person; null where the person is left alone.</summary>
    public float[]? EmbeddingFor(int person) =>
        _names.TryGetValue(person, out string? name) ? _embeddings.GetValueOrDefault(name) : null;

    /// <summary>Years that the scan takes the face's person for; null: it was not asked, or does not know the face.</summary>
    public float? AgeOf(TrackedFace face) => _ages.TryGetValue(face.Person, out float years) ? years : null;

    /// <summary>The recipe's steps change this face: it is one of the people whom it means, or, where it means all, anybody's.</summary>
    public bool IsMeant(TrackedFace face) => _meansAll || _meant.Contains(face.Person);

    public bool IsFused(TrackedFace face) =>
        _redacts
        || (_edits && face.HasLandmarks && IsMeant(face))
        || (_swaps && face.HasLandmarks && _names.ContainsKey(face.Person));
}
