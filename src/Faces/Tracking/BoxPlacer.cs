using FaceFusion.Batch.Imaging.Scenes;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Gives every frame its boxes. The detector runs at detector frames; between two of them that show the same faces in one scene the boxes
/// lie on the straight way from one to the other, else the detector runs on every frame between.
/// </summary>
internal sealed class BoxPlacer(FrameAnalyser analyser, AnalysisPlan plan, SightingWindow window)
{
    /// <summary>Mean luma difference of two neighbouring frames, 0 to 255, above which they belong to different scenes.</summary>
    private const float CutDifference = 22;

    private const float SamePlace = 0.4f;
    private const int MaxFaces = 64;

    private readonly FaceBox[] _found = new FaceBox[MaxFaces];
    private readonly int[] _partner = new int[MaxFaces];
    private int _lastDetected = -1;

    /// <summary>To be called for each new frame in order; places the frame, and those since the detector frame before it, where possible.</summary>
    public void OnPushed(FrameSightings frame)
    {
        LumaThumbnail.Read(frame.Frame!, frame.Thumbnail);
        int number = frame.Number;
        if (!frame.Known && number > window.First)
        {
            frame.IsCut = LumaThumbnail.Difference(window[number - 1].Thumbnail, frame.Thumbnail) > CutDifference;
        }

        if (!plan.IsDetectorFrame(number))
        {
            return;
        }

        Detect(frame);
        if (_lastDetected >= 0)
        {
            PlaceBetween(window[_lastDetected], frame);
        }

        _lastDetected = number;
    }

    private void Detect(FrameSightings frame)
    {
        if (!frame.Known && plan.Settings.Faces)
        {
            int count = analyser.Detect(frame.Frame!, _found, plan.Settings.Thorough);
            for (int i = 0; i < count; i++)
            {
                Add(frame, Quantise.Box(_found[i]), held: false);
            }
        }

        frame.Placed = true;
    }

    private void PlaceBetween(FrameSightings a, FrameSightings b)
    {
        bool steady = MatchesOneToOne(a, b) && !IsCutBetween(a.Number, b.Number);
        for (int number = a.Number + 1; number < b.Number; number++)
        {
            FrameSightings frame = window[number];
            if (frame.Known)
            {
                frame.Placed = true;
            }
            else if (steady)
            {
                Interpolate(frame, a, b);
            }
            else
            {
                Detect(frame);
                if (plan.Settings.Thorough)
                {
                    Hold(frame, a, forward: true);
                    Hold(frame, b, forward: false);
                }
            }
        }
    }

    private void Interpolate(FrameSightings frame, FrameSightings a, FrameSightings b)
    {
        float t = (float)(frame.Number - a.Number) / (b.Number - a.Number);
        for (int i = 0; i < a.Faces.Count; i++)
        {
            Add(frame, Quantise.Box(FaceBox.Lerp(a.Faces[i].Box, b.Faces[_partner[i]].Box, t)), held: false);
        }

        frame.Placed = true;
    }

    /// <summary>Covers what one end of the gap shows also where this frame's own detection missed it, inside the same scene.</summary>
    private void Hold(FrameSightings frame, FrameSightings end, bool forward)
    {
        bool sameScene = forward ? !IsCutBetween(end.Number, frame.Number) : !IsCutBetween(frame.Number, end.Number);
        if (!sameScene)
        {
            return;
        }

        foreach (Sighting sighting in end.Faces)
        {
            bool covered = false;
            foreach (Sighting own in frame.Faces)
            {
                covered |= FaceBox.Overlap(own.Box, sighting.Box) >= SamePlace;
            }

            if (!covered)
            {
                Add(frame, sighting.Box, held: true);
            }
        }
    }

    /// <summary>Pairs the faces of two detector frames, best overlap first; the pairs stay in <see cref="_partner"/>.</summary>
    private bool MatchesOneToOne(FrameSightings a, FrameSightings b)
    {
        if (a.Faces.Count != b.Faces.Count)
        {
            return false;
        }

        int pairs = BoxMatching.Match(a.Faces, b.Faces, SamePlace, _partner);
        return pairs == a.Faces.Count;
    }

    /// <summary>True if a cut lies in (first, last].</summary>
    private bool IsCutBetween(int first, int last)
    {
        for (int number = first + 1; number <= last; number++)
        {
            if (window[number].IsCut)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(FrameSightings frame, in FaceBox box, bool held)
    {
        Sighting sighting = window.Rent();
        sighting.Box = box;
        sighting.Held = held;
        frame.Faces.Add(sighting);
    }
}
