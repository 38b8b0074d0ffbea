using System.Runtime.CompilerServices;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>x, y of the eye on the picture's left, that on its right, the nose tip, and the mouth corners on the left and the right.</summary>
[InlineArray(2 * Count)]
internal struct FivePoints
{
    public const int Count = 5;

    private float _first;
}
