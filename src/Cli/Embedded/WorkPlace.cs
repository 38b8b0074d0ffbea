namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>Where unfinished work rests between runs: a folder that the user named, or a hidden one of ours beside the output.</summary>
/// <param name="Path">Absolute. The Coordinator makes it and locks it.</param>
/// <param name="IsHidden">Ours: removed as soon as nothing in it is of use any more.</param>
internal sealed record WorkPlace(string Path, bool IsHidden)
{
    /// <param name="output">Absolute path of the result.</param>
    /// <param name="asked">The folder that the user named, or null.</param>
    public static WorkPlace For(string output, string? asked) =>
        asked is null
            ? new WorkPlace(
                System.IO.Path.Combine(
                    System.IO.Path.GetDirectoryName(output) ?? "/",
                    $".{System.IO.Path.GetFileName(output)}.ffb"
                ),
                IsHidden: true
            )
            : new WorkPlace(System.IO.Path.GetFullPath(asked), IsHidden: false);

    /// <summary>Removes the hidden folder; leaves a folder that the user named.</summary>
    public void RemoveIfHidden()
    {
        if (IsHidden && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
