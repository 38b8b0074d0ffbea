namespace FaceFusion.Batch.TestNetworks;

/// <summary>A ready models folder with every model with which faces are found.</summary>
public static class FindingNetworks
{
    /// <summary>All four detectors answer with the same faces; landmark networks with a plain face in the middle of their crop.</summary>
    /// <param name="faces">In pixels of a canvas of 640x640.</param>
    public static NetworkFolder Folder(params IReadOnlyList<PlacedFace> faces)
    {
        NetworkFolder folder = new();
        AddTo(folder, faces);
        return folder;
    }

    /// <summary>As <see cref="Folder"/>, beside other models.</summary>
    public static void AddTo(NetworkFolder folder, params IReadOnlyList<PlacedFace> faces)
    {
        float[] plain = [.. LandmarkNetworks.PlainFace().Select(v => v * 64)];
        folder.Add(FindingCards.Retinaface, DetectorNetworks.Anchors(640, faces));
        folder.Add(FindingCards.Scrfd, DetectorNetworks.Anchors(640, faces));
        folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, faces));
        folder.Add(FindingCards.Yunet, DetectorNetworks.Yunet(640, faces));
        folder.Add(FindingCards.Fan, LandmarkNetworks.Fan(plain, Same(0.81f)));
        folder.Add(FindingCards.Peppa, LandmarkNetworks.Peppa(plain, Same(0.76f)));
        folder.Add(FindingCards.Expander, LandmarkNetworks.Expander());
        folder.Add(FindingCards.Arcface, RecognitionNetworks.Arcface());
        folder.Add(FindingCards.Fairface, RecognitionNetworks.Fairface(race: 3, gender: 1, age: 4));
    }

    /// <summary>68 times the same.</summary>
    public static float[] Same(float value)
    {
        float[] values = new float[68];
        values.AsSpan().Fill(value);
        return values;
    }
}
