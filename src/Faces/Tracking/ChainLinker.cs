namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>Says which face of a frame is which of the frame before: the boxes overlap, and no cut lies between.</summary>
internal sealed class ChainLinker
{
    private const float MinOverlap = 0.3f;

    private readonly int[] _partner = new int[128];

    public void Link(FrameSightings before, FrameSightings frame)
    {
        if (frame.IsCut || before.Faces.Count > _partner.Length)
        {
            return;
        }

        BoxMatching.Match(before.Faces, frame.Faces, MinOverlap, _partner);
        for (int i = 0; i < before.Faces.Count; i++)
        {
            if (_partner[i] >= 0)
            {
                Sighting earlier = before.Faces[i];
                Sighting later = frame.Faces[_partner[i]];
                earlier.Next = later;
                later.Previous = earlier;
            }
        }
    }
}
