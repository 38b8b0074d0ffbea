using System.Buffers.Binary;
using System.IO.Hashing;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// What happens to one frame between analysis and encoding: the recipe's processors in order, the identity measured before and after
/// at frames where embeddings are taken, the enlarging where the recipe asks for it, and the hash of the pixels that go to the encoder.
/// </summary>
internal sealed class FuseStage
{
    private readonly FrameRange _range;
    private readonly ProcessorChain _chain;
    private readonly PersonIdentities _identities;
    private readonly FrameAnalyser _analyser;
    private readonly CropGallery _gallery;
    private readonly float[] _embedding = new float[FrameAnalyser.EmbeddingLength];
    private readonly XxHash128 _framesHash = new();
    private readonly FuseTurn _alone = new();
    private readonly ulong[] _hashes;
    private readonly int[] _found;
    private readonly int[] _fused;
    private readonly List<IdentitySample> _samples;
    private int _sampled;
    private double _beforeMilliseconds;
    private double _afterMilliseconds;
    private readonly Dictionary<int, (int Last, int Missed, int Fused)> _sightings = [];

    public FuseStage(FrameRange range, ProcessorChain chain, FrameAnalyser analyser, CropGallery gallery)
    {
        _range = range;
        _chain = chain;
        _identities = chain.Identities;
        _analyser = analyser;
        _gallery = gallery;
        _hashes = new ulong[range.Length];
        _found = new int[range.Length];
        _fused = new int[range.Length];
        _samples = new List<IdentitySample>(range.Length);
    }

    /// <summary>CPU milliseconds spent in the processors and in enlarging.</summary>
    public double FuseMilliseconds { get; private set; }

    /// <summary>CPU milliseconds spent measuring identities of the result.</summary>
    public double MeasureMilliseconds => _beforeMilliseconds + _afterMilliseconds;

    /// <summary>CPU milliseconds spent hashing.</summary>
    public double HashMilliseconds { get; private set; }

    public IReadOnlyList<IdentitySample> Samples => _samples;

    public IReadOnlyList<int> Found => _found;

    public IReadOnlyList<int> Fused => _fused;

    public IReadOnlyDictionary<int, int> FusedByPerson => _sightings.ToDictionary(s => s.Key, s => s.Value.Fused);

    public IReadOnlyDictionary<int, int> Missed => _sightings.ToDictionary(s => s.Key, s => s.Value.Missed);

    public IReadOnlyList<string> FrameHashes => [.. _hashes.Select(h => h.ToString("x16"))];

    /// <summary>XxHash128 over <see cref="FrameHashes"/> so far, lower-case hex.</summary>
    public string FramesHash => Convert.ToHexStringLower(_framesHash.GetCurrentHash());

    /// <summary>Fuses the frame in place. Frames come in order and belong to the chunk.</summary>
    /// <param name="larger">Receives it enlarged, where the chain has an upscaler; null: it has none.</param>
    public void Run(Frame frame, FrameFaces faces, Frame? larger)
    {
        _alone.Frame = frame;
        _alone.Faces = faces;
        _alone.Larger = larger;
        Begin(_alone);
        Fuse(_alone, _chain);
        End(_alone);
    }

    /// <summary>What is to be seen of the frame before it is changed. Frames come in order; not from two threads at a time.</summary>
    public void Begin(FuseTurn turn)
    {
        double start = CpuAccount.ThreadMilliseconds();
        turn.Sampled = ChooseSample(turn.Faces);
        if (turn.Sampled is { } face)
        {
            _gallery.TakeBefore(turn.Frame, face.Box.CenterX, face.Box.CenterY, face.Box.Size, turn.Before);
        }

        _beforeMilliseconds += CpuAccount.ThreadMilliseconds() - start;
    }

    /// <summary>Changes the frame: it alone, so that lanes with a chain each may do it side by side.</summary>
    public static void Fuse(FuseTurn turn, ProcessorChain chain)
    {
        double start = CpuAccount.ThreadMilliseconds();
        chain.Run(turn.Frame, turn.Faces);
        if (turn.Larger is not null)
        {
            chain.Upscaler!.Run(turn.Frame, turn.Larger);
        }

        turn.FuseMilliseconds = CpuAccount.ThreadMilliseconds() - start;
    }

    /// <summary>Counts, measures and hashes the changed frame. Frames come in order; not from two threads at a time.</summary>
    public void End(FuseTurn turn)
    {
        Frame frame = turn.Frame;
        int index = frame.Number - _range.Start;
        double start = CpuAccount.ThreadMilliseconds();
        FuseMilliseconds += turn.FuseMilliseconds;
        _found[index] = turn.Faces.Faces.Count;
        CountFused(frame.Number, index, turn.Faces);
        MeasureIdentities(turn);
        double sampledAt = CpuAccount.ThreadMilliseconds();
        _afterMilliseconds += sampledAt - start;
        _hashes[index] = XxHash3.HashToUInt64(turn.Last.Bytes);
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(hash, _hashes[index]);
        _framesHash.Append(hash);
        HashMilliseconds += CpuAccount.ThreadMilliseconds() - sampledAt;
    }

    /// <summary>The face whose crops are kept: one a sampled frame, the people taking turns.</summary>
    private TrackedFace? ChooseSample(FrameFaces faces)
    {
        int candidates = 0;
        foreach (TrackedFace face in faces.Faces)
        {
            candidates += IsSampled(face) ? 1 : 0;
        }

        if (candidates == 0)
        {
            return null;
        }

        int turn = _sampled % candidates;
        _sampled += candidates;
        foreach (TrackedFace face in faces.Faces)
        {
            if (IsSampled(face) && turn-- == 0)
            {
                return face;
            }
        }

        return null;
    }

    private bool IsSampled(TrackedFace face) =>
        face.Embedding is not null && face.HasLandmarks && _identities.EmbeddingFor(face.Person) is not null;

    private void CountFused(int number, int index, FrameFaces faces)
    {
        foreach (TrackedFace face in faces.Faces)
        {
            if (!_identities.IsFused(face))
            {
                continue;
            }

            _fused[index]++;
            if (face.Person == 0)
            {
                continue;
            }

            (int last, int missed, int fused) = _sightings.GetValueOrDefault(face.Person, (number - 1, 0, 0));
            _sightings[face.Person] = (number, missed + Math.Max(0, number - last - 1), fused + 1);
        }
    }

    private void MeasureIdentities(FuseTurn turn)
    {
        Frame frame = turn.Frame;
        foreach (TrackedFace face in turn.Faces.Faces)
        {
            if (!IsSampled(face))
            {
                continue;
            }

            float[] source = _identities.EmbeddingFor(face.Person)!;
            _analyser.Embed(frame, face.Landmarks, _embedding);
            float after = Cosine(_embedding, source);
            _samples.Add(
                new IdentitySample(
                    frame.Number,
                    face.Person,
                    Cosine(face.Embedding, source),
                    after,
                    Cosine(_embedding, face.Embedding)
                )
            );
            if (ReferenceEquals(face, turn.Sampled))
            {
                _gallery.TakeAfter(
                    frame,
                    face.Box.CenterX,
                    face.Box.CenterY,
                    face.Box.Size,
                    face.Person,
                    after,
                    turn.Before
                );
            }
        }
    }

    /// <summary>Cosine of two unit vectors.</summary>
    private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
