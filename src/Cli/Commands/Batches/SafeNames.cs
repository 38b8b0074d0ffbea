namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>Names of files out of what others wrote: never a path, hidden, an option, or a device.</summary>
internal static class SafeNames
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "COM1", "LPT1"];

    public static string Of(string text)
    {
        string name = new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]);
        name = name.TrimStart('.', '-');
        bool isDevice = Devices.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);
        return name.Length == 0 || isDevice ? $"_{name}" : name;
    }
}
