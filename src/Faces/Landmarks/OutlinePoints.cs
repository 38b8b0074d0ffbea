namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The 68 points of the iBUG 300-W markup (Sagonas et al. 2013): 0-16 along the jaw from the picture's left ear over the chin, 17-26
/// brows, 27-35 nose, 36-47 eyes, 48-67 mouth. Read off the mesh: the vertices that lie where the markup has its points; along the jaw
/// and the lips those of the mesh's oval and lip rings that are nearest to even steps of arc length on the canonical mesh.
/// </summary>
public static class OutlinePoints
{
    public const int Count = 68;

    private static ReadOnlySpan<int> Jaw =>
        [127, 234, 132, 58, 172, 136, 150, 176, 152, 400, 379, 365, 397, 288, 361, 454, 356];

    private static ReadOnlySpan<int> Brows => [70, 63, 105, 66, 107, 336, 296, 334, 293, 300];

    private static ReadOnlySpan<int> Nose => [168, 197, 5, 1, 98, 97, 2, 326, 327];

    private static ReadOnlySpan<int> Eyes => [33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380];

    private static ReadOnlySpan<int> OuterLips => [61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91];

    private static ReadOnlySpan<int> InnerLips => [78, 81, 13, 311, 308, 402, 14, 178];

    /// <summary>The 68 points of a mesh.</summary>
    /// <param name="landmarks">x, y, z of each mesh point, as <see cref="TrackedFace.Landmarks"/>.</param>
    /// <param name="points">Receives x, y of each, 136 values.</param>
    public static void FromMesh(ReadOnlySpan<float> landmarks, Span<float> points)
    {
        int at = 0;
        at = Add(Jaw, landmarks, points, at);
        at = Add(Brows, landmarks, points, at);
        at = Add(Nose, landmarks, points, at);
        at = Add(Eyes, landmarks, points, at);
        at = Add(OuterLips, landmarks, points, at);
        Add(InnerLips, landmarks, points, at);
    }

    private static int Add(ReadOnlySpan<int> vertices, ReadOnlySpan<float> landmarks, Span<float> points, int at)
    {
        foreach (int vertex in vertices)
        {
            points[at++] = landmarks[3 * vertex];
            points[at++] = landmarks[(3 * vertex) + 1];
        }

        return at;
    }
}
