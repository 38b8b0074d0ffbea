namespace FaceFusion.Batch.Media.Probing;

/// <summary>One packet as ffprobe lists it.</summary>
/// <param name="Pts">Null: the container does not say.</param>
/// <param name="Position">Where its bytes begin in the file; null: the container does not say.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsHidden">It is decoded but not shown.</param>
internal readonly record struct ListedPacket(long? Pts, long? Position, int Size, bool IsKey, bool IsHidden);
