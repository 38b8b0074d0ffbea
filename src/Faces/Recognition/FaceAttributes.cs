namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>What a classifier takes a face for: a guess from the picture, wrong for many, and good for nothing but telling faces apart.</summary>
public readonly record struct FaceAttributes(Gender Gender, Race Race, AgeRange Age);

public enum Gender
{
    Male,
    Female,
}

public enum Race
{
    White,
    Black,
    Latino,
    Asian,
    Indian,
    Arabic,
}

/// <summary>Whole years from <paramref name="Start"/> up to, but without, <paramref name="End"/>.</summary>
public readonly record struct AgeRange(int Start, int End)
{
    /// <summary>Whether the two have a year in common.</summary>
    public bool Meets(AgeRange other) => Math.Max(Start, other.Start) < Math.Min(End, other.End);

    public override string ToString() => $"{Start}-{End - 1}";
}
