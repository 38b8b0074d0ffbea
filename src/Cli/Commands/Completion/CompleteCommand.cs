using System.CommandLine;

namespace FaceFusion.Batch.Cli.Commands.Completion;

/// <summary>
/// <c>ffb complete</c>, for the scripts of <see cref="CompletionCommand"/>: prints what the last of the words that were typed may
/// become, a line each. Nothing where a file's name is due, which shells complete best.
/// </summary>
internal static class CompleteCommand
{
    public static Command Create()
    {
        Argument<string[]> words = new("WORDS") { Arity = ArgumentArity.ZeroOrMore };
        Command command = new("complete", "What shells ask when Tab is pressed") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (string found in Find(parsed.GetRequiredValue(words)))
            {
                parsed.InvocationConfiguration.Output.WriteLine(found);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <param name="words">Behind the program's name; the last one is being typed, and empty if nothing of it is.</param>
    internal static IReadOnlyList<string> Find(IReadOnlyList<string> words)
    {
        string typed = words.Count > 0 ? words[^1] : "";
        string[] forWorkers = [.. words.SkipWhile(word => word != "--").Skip(1)];
        if (words is ["scale", ..] && forWorkers.Length > 0)
        {
            // What stands there is given to each worker as it is.
            return Find(["worker", .. forWorkers]);
        }

        List<string> all = Ask(words, typed);
        if (typed.Length > 0)
        {
            return all;
        }

        // An option that may be given several times is taken to want another value: ask as if it had not been given.
        if (all.Count == 0 && words.Count > 2 && words[^3].StartsWith('-') && !words[^2].StartsWith('-'))
        {
            return Find([.. words.SkipLast(3), ""]);
        }

        List<string> plain = all.FindAll(label => !label.StartsWith('-'));
        return plain.Count > 0 ? plain : all;
    }

    private static List<string> Ask(IReadOnlyList<string> words, string typed)
    {
        string line = string.Join(' ', words.Select(Quoted));
        return
        [
            .. CommandLine
                .Root()
                .Parse(line)
                .GetCompletions(line.Length)
                .Select(found => found.Label)
                // The library also takes what is typed for the middle of a word.
                .Where(label => label.StartsWith(typed, StringComparison.Ordinal) && label[0] != '/' && label != "-?")
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Quoted(string word) => word.Contains(' ') ? $"\"{word}\"" : word;
}
