using System.Numerics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Lets through what a parser takes for chosen parts of the face. One thread; a call allocates nothing.</summary>
public sealed class RegionMask : IDisposable
{
    private readonly CropInput _net;
    private readonly float[] _scores;
    private readonly float[] _chosen;
    private readonly bool[] _classes;
    private readonly PlaneResize _back;
    private readonly SoftEdge _edge;

    /// <param name="parser">A card's id.</param>
    /// <param name="size">Edge of the crops in pixels.</param>
    /// <exception cref="ModelException">The catalogue has no such model, or it cannot be loaded.</exception>
    public RegionMask(ModelSessions sessions, string parser, IReadOnlyList<FaceRegion> regions, int size)
    {
        _net = new CropInput(sessions, sessions.Catalog.Card(parser), size);
        int plane = _net.Edge * _net.Edge;
        _classes = new bool[Classes];
        foreach (FaceRegion region in regions)
        {
            _classes[ClassOf(region)] = true;
        }

        _scores = _net.Output(Classes * plane);
        _chosen = new float[plane];
        _back = new PlaneResize(_net.Edge, size);
        _edge = new SoftEdge(size);
    }

    /// <summary>Classes of the CelebAMask-HQ markup (Lee et al. 2020) and the background.</summary>
    public const int Classes = 19;

    /// <param name="rgb">The crop after the swap: 3 × size × size, RGB 0 to 255.</param>
    /// <param name="mask">Receives size × size values, 0 to 1.</param>
    public void Fill(ReadOnlySpan<float> rgb, Span<float> mask)
    {
        _net.Run(rgb);
        Choose(_scores, _classes, _chosen);
        _back.Apply(_chosen, mask);
        _edge.Apply(mask);
    }

    public void Dispose() => _net.Dispose();

    /// <summary>
    /// 1 where the highest score belongs to a chosen class, else 0; of equal scores the first class has it. The scores are used up: their
    /// first plane becomes the highest so far.
    /// </summary>
    internal static void Choose(Span<float> scores, ReadOnlySpan<bool> classes, Span<float> chosen)
    {
        int plane = chosen.Length;
        Span<float> best = scores[..plane];
        chosen.Fill(classes[0] ? 1 : 0);
        for (int i = 1; i < classes.Length; i++)
        {
            ReadOnlySpan<float> score = scores.Slice(i * plane, plane);
            float value = classes[i] ? 1 : 0;
            int at = 0;
            for (; at <= plane - Vector<float>.Count; at += Vector<float>.Count)
            {
                Vector<float> now = new(score[at..]);
                Vector<float> high = new(best[at..]);
                Vector<int> more = Vector.GreaterThan(now, high);
                Vector.ConditionalSelect(more, now, high).CopyTo(best[at..]);
                Vector
                    .ConditionalSelect(more, new Vector<float>(value), new Vector<float>(chosen[at..]))
                    .CopyTo(chosen[at..]);
            }

            for (; at < plane; at++)
            {
                if (score[at] > best[at])
                {
                    best[at] = score[at];
                    chosen[at] = value;
                }
            }
        }
    }

    private static int ClassOf(FaceRegion region) =>
        region switch
        {
            FaceRegion.Skin => 1,
            FaceRegion.LeftEyebrow => 2,
            FaceRegion.RightEyebrow => 3,
            FaceRegion.LeftEye => 4,
            FaceRegion.RightEye => 5,
            FaceRegion.Glasses => 6,
            FaceRegion.Nose => 10,
            FaceRegion.Mouth => 11,
            FaceRegion.UpperLip => 12,
            _ => 13,
        };
}
