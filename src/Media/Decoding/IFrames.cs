using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>The frames of a plan, one after the other, each compared with the frame table before it is handed over.</summary>
internal interface IFrames : IDisposable
{
    /// <summary>Decoding had to begin again at the target's start, because a seek did not land where the index said.</summary>
    bool BeganAtStart { get; }

    /// <summary>Fills <paramref name="into"/> with the next frame of the range.</summary>
    /// <exception cref="Contracts.Errors.FusionException">It did not come, or another one did.</exception>
    void Read(Frame into, CancellationToken cancellationToken);

    /// <summary>After the last frame of the range: none may follow that is not in the table, and whoever decoded must have ended well.</summary>
    void Finish(CancellationToken cancellationToken);
}
