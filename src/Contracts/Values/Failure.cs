using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Contracts.Values;

/// <summary>A <see cref="FusionException"/> as it travels in a message and rests in a row.</summary>
public sealed record Failure(FailureKind Kind, string Code, string Message, bool IsTransient)
{
    /// <summary>Code: the worker would make other frames than the one that the job was begun with.</summary>
    public const string PipelineDiffers = "pipeline-differs";

    /// <summary>Code: a decoder gives other frames than the frame table has.</summary>
    public const string FramesDiffer = "video-frames-differ";

    public static Failure Of(FusionException e) => new(e.Kind, e.Code, e.Message, e.IsTransient);

    public FusionException ToException() => FusionException.From(Kind, Code, Message, IsTransient);
}
