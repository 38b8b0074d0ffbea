using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Selecting;

/// <summary>Which of a frame's faces are meant. Everything works in the caller's list and allocates nothing.</summary>
public static class FaceSelecting
{
    /// <summary>What a finder must tell of the target's faces, so that they can be selected.</summary>
    public static FaceDetails DetailsFor(FaceSelector selector) =>
        selector.Mode == FaceSelectorMode.Reference ? FaceDetails.Embedding : DetailsForFilters(selector);

    /// <summary>What a finder must tell of the reference frame's faces.</summary>
    public static FaceDetails DetailsForReference(FaceSelector selector) =>
        FaceDetails.Embedding | DetailsForFilters(selector);

    /// <summary>
    /// Leaves the faces that are meant. Mode <c>many</c>: those that pass the filters, in order; <c>one</c>: the first of them;
    /// <c>reference</c>: those near enough to a reference, in the order in which they came, whatever order and filters say: these have
    /// chosen the reference.
    /// </summary>
    /// <param name="faces">The frame's faces; left with those that are meant.</param>
    /// <param name="references">Unit-length embeddings of the job's reference faces.</param>
    /// <param name="source">Attributes of the source face, for <c>auto</c>; null: <c>auto</c> lets all pass.</param>
    /// <param name="rotation">Degrees that a player turns the frame clockwise, for orders by place.</param>
    public static void Select(
        List<FoundFace> faces,
        FaceSelector selector,
        IReadOnlyList<float[]> references,
        FaceAttributes? source,
        int rotation = 0
    )
    {
        if (selector.Mode == FaceSelectorMode.Reference)
        {
            KeepMatching(faces, references, (float)selector.ReferenceDistance);
            return;
        }

        Sort(faces, selector.Order, rotation);
        Filter(faces, selector, source);
        if (selector.Mode == FaceSelectorMode.One && faces.Count > 1)
        {
            faces.RemoveRange(1, faces.Count - 1);
        }
    }

    /// <summary>The face that the reference frame stands for: that at the position among those that pass, or the last; null: none passes.</summary>
    /// <param name="faces">The reference frame's faces; left sorted and filtered.</param>
    /// <param name="source">As in <see cref="Select"/>.</param>
    /// <param name="rotation">As in <see cref="Select"/>.</param>
    public static FoundFace? Reference(
        List<FoundFace> faces,
        FaceSelector selector,
        FaceAttributes? source,
        int rotation = 0
    )
    {
        Sort(faces, selector.Order, rotation);
        Filter(faces, selector, source);
        return faces.Count == 0 ? null : faces[Math.Min(selector.ReferencePosition, faces.Count - 1)];
    }

    /// <summary>Whether a face passes the filters. What nobody classified passes none.</summary>
    /// <param name="source">As in <see cref="Select"/>.</param>
    public static bool Passes(FaceAttributes? has, FaceSelector selector, FaceAttributes? source)
    {
        Gender? gender = selector.Gender switch
        {
            null => null,
            GenderFilter.Auto => source?.Gender,
            GenderFilter.Female => Gender.Female,
            _ => Gender.Male,
        };
        Race? race = selector.Race switch
        {
            null => null,
            RaceFilter.Auto => source?.Race,
            RaceFilter.White => Race.White,
            RaceFilter.Black => Race.Black,
            RaceFilter.Latino => Race.Latino,
            RaceFilter.Asian => Race.Asian,
            RaceFilter.Indian => Race.Indian,
            _ => Race.Arabic,
        };
        AgeRange age = new(selector.AgeStart ?? 0, selector.AgeEnd ?? 100);
        bool isAge = selector.AgeStart is not null || selector.AgeEnd is not null;
        return (gender is null || has?.Gender == gender)
            && (race is null || has?.Race == race)
            && (!isAge || has?.Age.Meets(age) == true);
    }

    /// <summary>Half of what the cosine of two unit-length embeddings lacks to 1: 0 for the same, 1 for opposite ones.</summary>
    public static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => (1 - Embeddings.Cosine(a, b)) / 2;

    /// <summary>Stable: faces that are equal in this order keep theirs.</summary>
    /// <param name="rotation">As in <see cref="Select"/>.</param>
    public static void Sort(List<FoundFace> faces, FaceOrder order, int rotation = 0)
    {
        for (int i = 1; i < faces.Count; i++)
        {
            FoundFace face = faces[i];
            float key = Key(face.Box, order, rotation);
            int at = i;
            for (; at > 0 && Key(faces[at - 1].Box, order, rotation) > key; at--)
            {
                faces[at] = faces[at - 1];
            }

            faces[at] = face;
        }
    }

    /// <summary>A number that grows along the order.</summary>
    internal static float Key(in FaceBox box, FaceOrder order, int rotation) =>
        order switch
        {
            FaceOrder.LeftRight => LeftEdge(box, rotation),
            FaceOrder.RightLeft => -LeftEdge(box, rotation),
            FaceOrder.TopBottom => LeftEdge(box, rotation + 270),
            FaceOrder.BottomTop => -LeftEdge(box, rotation + 270),
            FaceOrder.SmallLarge => box.Width * box.Height,
            FaceOrder.LargeSmall => -box.Width * box.Height,
            FaceOrder.WorstBest => box.Score,
            _ => -box.Score,
        };

    private static void Filter(List<FoundFace> faces, FaceSelector selector, FaceAttributes? source)
    {
        for (int i = faces.Count - 1; i >= 0; i--)
        {
            if (!Passes(faces[i].Attributes, selector, source))
            {
                faces.RemoveAt(i);
            }
        }
    }

    private static void KeepMatching(List<FoundFace> faces, IReadOnlyList<float[]> references, float distance)
    {
        for (int i = faces.Count - 1; i >= 0; i--)
        {
            bool matches = false;
            for (int k = 0; k < references.Count && !matches; k++)
            {
                matches = faces[i].UnitEmbedding is { } embedding && Distance(references[k], embedding) < distance;
            }

            if (!matches)
            {
                faces.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Where the box's left edge lies in the picture that a player shows, but for a shift. The upper edge of a picture is the left edge of
    /// the same turned counter-clockwise.
    /// </summary>
    private static float LeftEdge(in FaceBox box, int rotation) =>
        (rotation % 360) switch
        {
            90 => -(box.Y + box.Height),
            180 => -(box.X + box.Width),
            270 => box.Y,
            _ => box.X,
        };

    private static FaceDetails DetailsForFilters(FaceSelector selector) =>
        selector.HasFilters ? FaceDetails.Attributes : FaceDetails.None;
}
