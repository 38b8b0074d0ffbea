namespace FaceFusion.Batch.TestKit;

/// <summary>A page of <c>docs</c> that the program writes about itself: committed, and held against what it writes today.</summary>
public static class CommittedPage
{
    /// <summary>Set by <c>eng/docs.sh</c> and <c>eng/models-docs.sh</c>: pages are written anew.</summary>
    public static bool IsWriting { get; } = Environment.GetEnvironmentVariable("FFB_WRITE") == "1";

    /// <param name="path">From the solution's folder on.</param>
    /// <param name="text">What the program writes today.</param>
    /// <param name="shapeOf">What of it must be as it was; null: every character.</param>
    /// <exception cref="InvalidOperationException">The committed page is another; the message names the first such line.</exception>
    public static void Check(string path, string text, Func<string, string>? shapeOf = null)
    {
        string full = Path.Combine(Footage.SolutionFolder(), path);
        if (IsWriting)
        {
            File.WriteAllText(full, text);
            return;
        }

        string[] committed = Lines(File.Exists(full) ? File.ReadAllText(full) : "", shapeOf);
        string[] today = Lines(text, shapeOf);
        int line = committed.Zip(today).TakeWhile(both => both.First == both.Second).Count();
        if (line < Math.Max(committed.Length, today.Length))
        {
            string said = line < committed.Length ? committed[line] : "nothing";
            string would = line < today.Length ? today[line] : "nothing";
            throw new InvalidOperationException(
                $"{path} is out of date (eng/docs.sh writes it anew). It says\n  {said}\nwhere today is\n  {would}"
            );
        }
    }

    private static string[] Lines(string text, Func<string, string>? shapeOf) =>
        (shapeOf?.Invoke(text) ?? text).Split('\n');
}
