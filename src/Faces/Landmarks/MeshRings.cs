namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// Closed rings and point sets of the 478-point mesh, by vertex index in the order of the outline. "Right" and "left" are the
/// person's own. Indices are those of the MediaPipe face mesh topology.
/// </summary>
public static class MeshRings
{
    public static ReadOnlySpan<int> InnerLips =>
        [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95];

    public static ReadOnlySpan<int> OuterLips =>
        [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146];

    public static ReadOnlySpan<int> RightEye =>
        [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7];

    public static ReadOnlySpan<int> LeftEye =>
        [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249];

    public static ReadOnlySpan<int> RightBrow => [70, 63, 105, 66, 107, 55, 65, 52, 53, 46];

    public static ReadOnlySpan<int> LeftBrow => [300, 293, 334, 296, 336, 285, 295, 282, 283, 276];

    public static ReadOnlySpan<int> Nose => [98, 97, 2, 326, 327, 294, 278, 344, 440, 275, 4, 45, 220, 115, 48, 64];

    /// <summary>Centre, then right, top, left and bottom of the right iris.</summary>
    public static ReadOnlySpan<int> RightIris => [468, 469, 470, 471, 472];

    public static ReadOnlySpan<int> LeftIris => [473, 474, 475, 476, 477];
}
