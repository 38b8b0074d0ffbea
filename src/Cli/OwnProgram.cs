namespace FaceFusion.Batch.Cli;

/// <summary>This program once more, for a child of its own.</summary>
internal static class OwnProgram
{
    /// <summary>What starts it; the arguments come behind.</summary>
    public static IReadOnlyList<string> Command()
    {
        string program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, typeof(OwnProgram).Assembly.Location]
            : [program];
    }
}
