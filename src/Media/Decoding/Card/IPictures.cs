using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>Pictures for packets: those of the range that was asked for, and all behind it, in the order in which they are shown.</summary>
internal interface IPictures : IDisposable
{
    /// <param name="packet">One picture with start codes, in memory that does not move.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="pts">In ticks of the target.</param>
    /// <exception cref="Contracts.Errors.FusionException">It cannot be decoded.</exception>
    void Feed(byte[] packet, int length, long pts);

    /// <summary>No packet follows: what is held back comes out.</summary>
    void End();

    /// <summary>The next picture, if it has come out.</summary>
    /// <param name="into">Filled if the picture is within the range; null: its pixels are not wanted.</param>
    /// <param name="pts">The timestamp that came with its packet.</param>
    bool TryTake(Frame? into, out long pts);
}
