using FaceFusion.Batch.Media.Encoding;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>What the pipeline leaves behind when every frame of the chunk is encoded.</summary>
internal sealed record ChunkOutcome(
    SegmentFacts Segment,
    EncoderChoice Encoder,
    FuseStage Stage,
    CropGallery Gallery,
    IReadOnlyDictionary<string, double> StageMilliseconds,
    bool Analysed
);
