using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Selecting;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>What a selector is held against beside the people.</summary>
public sealed record SelectorScene
{
    /// <summary>Of the first source's face, for <c>auto</c>; null: <c>auto</c> lets all pass.</summary>
    public FaceAttributes? Source { get; init; }

    /// <summary>Mode <c>reference</c>: the face that the reference frame stands for.</summary>
    public ScanSighting? Reference { get; init; }

    /// <summary>Degrees that a player turns the frames clockwise.</summary>
    public int Rotation { get; init; }

    /// <summary>The face of the reference frame that is meant: that at the position among those that pass, or the last; null: none passes.</summary>
    /// <param name="seen">The frame's.</param>
    public ScanSighting? ChooseReference(IReadOnlyList<ScanSighting> seen, FaceSelector selector)
    {
        ScanSighting[] passing =
        [
            .. seen.Where(face => FaceSelecting.Passes(face.Attributes, selector, Source))
                .OrderBy(face => FaceSelecting.Key(face.Box, selector.Order, Rotation)),
        ];
        return passing.Length == 0 ? null : passing[Math.Min(selector.ReferencePosition, passing.Length - 1)];
    }

    /// <summary>Who is meant, in the order in which identities are dealt out.</summary>
    internal IEnumerable<PersonCluster> ChoosePeople(IReadOnlyList<PersonCluster> people, FaceSelector selector)
    {
        if (selector.Mode == FaceSelectorMode.Reference)
        {
            return Reference is null
                ? []
                : people.Where(person =>
                    FaceSelecting.Distance(Reference.Embedding, person.Center) < selector.ReferenceDistance
                );
        }

        IEnumerable<PersonCluster> passing = people
            .Where(person => FaceSelecting.Passes(person.Attributes(), selector, Source))
            .OrderBy(person => person.Place(selector.Order, Rotation));
        return selector.Mode == FaceSelectorMode.One ? passing.Take(1) : passing;
    }
}
