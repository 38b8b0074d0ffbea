using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>Makes the final faces of a frame out of the sightings in its window.</summary>
internal sealed class FaceFinisher(AnalysisPlan plan, SightingWindow window, CanonicalMesh mesh, FrameFacesPool pool)
{
    /// <summary>Display numbers of faces that are nobody of the scan begin above this one.</summary>
    private const int FirstStranger = 101;

    private readonly LandmarkSmoother _smoother = new(plan.Tracking.SmoothRadius);
    private readonly PersonMatcher _persons = new(plan.People, plan.Tracking.EmbedEvery);
    private readonly GapCover _gaps = new(window, plan.CoverGaps);
    private readonly List<FaceBox> _covered = new(16);
    private readonly float[] _cosines = new float[128];

    public FrameFaces Finish(int number)
    {
        FrameFaces result = pool.Rent(number);
        foreach (Sighting sighting in window[number].Faces)
        {
            TrackedFace face = pool.RentFace();
            Fill(face, sighting, result.Faces.Count);
            result.Faces.Add(face);
        }

        if (plan.Settings.Landmarks)
        {
            PersonMatcher.KeepNearest(result.Faces, _cosines);
        }

        if (plan.CoverGaps > 0)
        {
            AddCovered(number, result.Faces);
        }

        SortFromLeft(result.Faces);
        int stranger = FirstStranger;
        foreach (TrackedFace face in result.Faces)
        {
            face.TrackId = face.Person > 0 ? face.Person : stranger++;
        }

        return result;
    }

    private void Fill(TrackedFace face, Sighting sighting, int index)
    {
        Reset(face, sighting.Box);
        face.Interpolated = sighting.Held;
        face.Score = sighting.HasMesh ? sighting.MeshScore : sighting.Box.Score;
        if (!plan.Settings.Landmarks)
        {
            return;
        }

        (face.Person, float cosine) = _persons.Match(sighting);
        if (index < _cosines.Length)
        {
            _cosines[index] = cosine;
        }

        face.Embedding = sighting.HasEmbedding ? face.KeepEmbedding(sighting.Embedding) : null;
        if (sighting.Follows)
        {
            _smoother.Smooth(sighting, face.Landmarks);
            (face.Yaw, face.Pitch) = HeadPose.Measure(face.Landmarks, mesh);
            face.Color = ColorWindow.Mean(sighting, plan.Tracking.ColorRadius);
            face.HasLandmarks = true;
        }
    }

    private static void Reset(TrackedFace face, in FaceBox box)
    {
        face.Box = box;
        face.Score = box.Score;
        face.HasLandmarks = false;
        face.Interpolated = false;
        face.Person = 0;
        face.Yaw = 0;
        face.Pitch = 0;
        face.Color = default;
        face.Embedding = null;
    }

    private void AddCovered(int number, List<TrackedFace> faces)
    {
        _gaps.Cover(number, _covered);
        foreach (FaceBox box in _covered)
        {
            TrackedFace face = pool.RentFace();
            Reset(face, box);
            face.Interpolated = true;
            faces.Add(face);
        }
    }

    /// <summary>Insertion sort: a handful of faces, and equal ones keep their order.</summary>
    private static void SortFromLeft(List<TrackedFace> faces)
    {
        for (int i = 1; i < faces.Count; i++)
        {
            TrackedFace face = faces[i];
            int at = i;
            for (; at > 0 && faces[at - 1].Box.CenterX > face.Box.CenterX; at--)
            {
                faces[at] = faces[at - 1];
            }

            faces[at] = face;
        }
    }
}
