namespace FaceFusion.Batch.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args) =>
        (int)await CommandLine.RunAsync(args, Console.Out, Console.Error);
}
