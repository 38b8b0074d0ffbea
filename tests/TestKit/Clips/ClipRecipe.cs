namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>How one test clip is made: numbered frames and a tone go into ffmpeg with these arguments.</summary>
public sealed record ClipRecipe
{
    public required string Name { get; init; }

    /// <summary>Extension of the clip, with dot.</summary>
    public required string Extension { get; init; }

    /// <summary>Extension of the result that can hold its sound.</summary>
    public string ResultExtension { get; init; } = ".mp4";

    public int Width { get; init; } = 320;
    public int Height { get; init; } = 192;
    public int Frames { get; init; } = 200;
    public string Rate { get; init; } = "30000/1001";

    /// <summary>Options in front of the picture input, for example a late start.</summary>
    public IReadOnlyList<string> BeforePicture { get; init; } = [];

    /// <summary>Video options: filter, encoder, group of pictures.</summary>
    public required IReadOnlyList<string> Video { get; init; }

    /// <summary>Audio options; empty: no sound.</summary>
    public IReadOnlyList<string> Audio { get; init; } = ["-c:a", "aac", "-b:a", "96k"];

    /// <summary>Container options.</summary>
    public IReadOnlyList<string> Container { get; init; } = [];

    /// <summary>A second run over the first one's file (<c>{0}</c>), by stream copy; empty: none.</summary>
    public IReadOnlyList<string> Second { get; init; } = [];

    /// <summary>Extension of the first run's file where there is a second.</summary>
    public string FirstExtension { get; init; } = ".mp4";

    /// <summary>Share of the file's bytes to cut off at its start, in whole transport packets.</summary>
    public double CutStart { get; init; }
}
