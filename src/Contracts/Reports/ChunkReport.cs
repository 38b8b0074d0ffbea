using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Reports;

/// <summary>What a worker saw and did in one chunk: the raw material of the job's report.</summary>
public sealed record ChunkReport
{
    public int SchemaVersion { get; init; } = 1;
    public required int ChunkIndex { get; init; }
    public required FrameRange Range { get; init; }
    public required string WorkerId { get; init; }

    /// <summary>The device that the models ran on, such as <c>cuda:0: NVIDIA H100</c>, and which models elsewhere; empty: not known.</summary>
    public string Device { get; init; } = "";

    /// <summary>What encoded the segment, such as <c>libx264, crf 18, preset veryfast</c>; empty: not known.</summary>
    public string Encoder { get; init; } = "";

    /// <summary>XxHash64 (hex) of each frame as it went to the encoder, in frame order.</summary>
    public required IReadOnlyList<string> FrameHashes { get; init; }

    /// <summary>Faces found in each frame, in frame order.</summary>
    public required IReadOnlyList<int> FacesFound { get; init; }

    /// <summary>Faces fused or redacted in each frame, in frame order.</summary>
    public required IReadOnlyList<int> FacesFused { get; init; }

    /// <summary>Per person number: frames in which that person's face was fused.</summary>
    public IReadOnlyDictionary<int, int> FusedByPerson { get; init; } = new Dictionary<int, int>();

    /// <summary>Per person number: frames in which the person was selected and not found between two sightings.</summary>
    public required IReadOnlyDictionary<int, int> Missed { get; init; }

    public required IReadOnlyList<IdentitySample> Identity { get; init; }

    /// <summary>Before/after crops of the worst and the median samples of this chunk.</summary>
    public required IReadOnlyList<CropPair> Crops { get; init; }

    /// <summary>CPU milliseconds by stage (decode, detect, mesh, embed, track, fuse, hash, encode, …), summed over the chunk.</summary>
    public required IReadOnlyDictionary<string, double> StageMilliseconds { get; init; }

    /// <summary>Wall milliseconds of the chunk.</summary>
    public required double WallMilliseconds { get; init; }
}

/// <summary>Identity of one fused face at a frame where embeddings are taken: cosines of unit embeddings, -1 to 1.</summary>
/// <param name="Frame">Absolute frame number.</param>
/// <param name="Person">Person number of the scan.</param>
/// <param name="Before">Target face against the source.</param>
/// <param name="After">Result face against the source.</param>
/// <param name="ToOld">Result face against the target face.</param>
public readonly record struct IdentitySample(int Frame, int Person, float Before, float After, float ToOld);

/// <summary>The same crop of target and result, PNG bytes.</summary>
public sealed record CropPair(int Frame, int Person, float After, byte[] BeforePng, byte[] AfterPng);
