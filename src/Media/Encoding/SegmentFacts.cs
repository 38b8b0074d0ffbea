namespace FaceFusion.Batch.Media.Encoding;

/// <summary>What is known of a finished segment.</summary>
/// <param name="Frames">Frames in the file, counted in the file.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">SHA-256 of the file, lower-case hex.</param>
/// <param name="HeaderSha256">SHA-256 of the encoder's header (extradata), lower-case hex; equal over all segments of a job.</param>
public sealed record SegmentFacts(int Frames, long Bytes, string Sha256, string HeaderSha256);
