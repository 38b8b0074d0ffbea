using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>Which fleet is asked, and as whom. The key itself is never an option: other users of a machine can read a command line.</summary>
internal static class ServerOptions
{
    private const string KeyVariable = "FFB_API_KEY";
    private const string Default = "http://127.0.0.1:8080";
    private const int LongestKey = 512;

    private static readonly Setting Server = new(
        "--server",
        "FFB_SERVER",
        "URL",
        $"Where the HTTP API of the fleet is (default: {Default})"
    );

    private static readonly Setting KeyFile = new(
        "--key-file",
        "FFB_API_KEY_FILE",
        "FILE",
        $"A file that holds the API key, where {KeyVariable} does not"
    );

    public static void AddTo(Command command)
    {
        command.Options.Add(Server.Option);
        command.Options.Add(KeyFile.Option);
    }

    /// <summary>A fleet is named, on the command line or in the environment.</summary>
    public static bool IsNamed(ParseResult parsed) =>
        Server.Read(parsed) is not null || parsed.GetValue(KeyFile.Option) is { Length: > 0 };

    /// <summary>Nothing is sent yet.</summary>
    /// <exception cref="FusionException">The address or the key cannot be one, or there is no key.</exception>
    public static ApiConnection Connect(ParseResult parsed, Terminal terminal) =>
        new(ReadServer(parsed), ReadKey(parsed, terminal), TimeProvider.System)
        {
            OnWait = e => terminal.Note($"{e.Message} Trying again."),
        };

    private static Uri ReadServer(ParseResult parsed)
    {
        string text = Server.Read(parsed) ?? Default;
        bool isAddress =
            Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? url)
            && url.Scheme is ("http" or "https")
            && url.UserInfo.Length == 0
            && url.Query.Length == 0;
        return isAddress
            ? url!
            : throw Setting.Wrong($"--server {text} must have the form http[s]://host[:port], without a key in it.");
    }

    private static string ReadKey(ParseResult parsed, Terminal terminal)
    {
        string? file = KeyFile.Read(parsed);
        // What stands on this command line is meant more than what the environment holds.
        bool isFileNamed = parsed.GetValue(KeyFile.Option) is { Length: > 0 };
        string? set = Environment.GetEnvironmentVariable(KeyVariable);
        string key =
            set is { Length: > 0 } && !isFileNamed ? set.Trim()
            : file is not null ? ReadFile(file, terminal)
            : throw new ApiCallException(
                ExitCode.Unauthorized,
                "key-missing",
                $"An API key is needed: put it into {KeyVariable}, or into a file and name that with --key-file. `ffb keys create` makes one."
            );
        return key.Length is > 0 and <= LongestKey && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? key
            : throw new ApiCallException(
                ExitCode.Unauthorized,
                "key-malformed",
                "What was given as API key cannot be one: it has the form ffb_…_… and stands alone."
            );
    }

    private static string ReadFile(string file, Terminal terminal)
    {
        try
        {
            FileInfo found = new(file);
            if (found is { Exists: true, Length: > LongestKey })
            {
                return "";
            }

            string key = File.ReadAllText(file).Trim();
            UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & others) != 0)
            {
                terminal.Note($"note: other users can read the API key in {file}: chmod 600 {file}");
            }

            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiCallException(
                ExitCode.Unauthorized,
                "key-missing",
                $"The API key in {file} cannot be read ({e.Message})."
            );
        }
    }
}
