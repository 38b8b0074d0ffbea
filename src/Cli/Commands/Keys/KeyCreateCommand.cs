using System.CommandLine;
using System.Text;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Api.Access;

namespace FaceFusion.Batch.Cli.Commands.Keys;

/// <summary><c>ffb keys create</c>.</summary>
internal sealed class KeyCreateCommand
{
    private readonly Option<string> _name = new("--name")
    {
        Description = "For people, to tell keys apart",
        DefaultValueFactory = _ => Environment.UserName,
        HelpName = "TEXT",
    };

    private readonly Option<string> _tenant = new("--tenant")
    {
        Description = "Whose jobs it opens: each tenant sees its own alone",
        DefaultValueFactory = _ => "default",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _scope = new("--scope")
    {
        Description = $"What it allows; give it several times for several (default: {string.Join(" and ", Usual)})",
        HelpName = string.Join('|', ApiScope.All),
    };

    private readonly Option<int?> _days = JobOptions.Number(
        "--days",
        "For how long it is good (default: for ever)",
        1,
        36_500
    );

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "A new file for the key, which only you can read, instead of stdout",
        HelpName = "FILE",
    };

    private static readonly string[] Usual = [ApiScope.ReadJobs, ApiScope.WriteJobs];

    public static Command Create()
    {
        KeyCreateCommand create = new();
        create._scope.AcceptOnlyFromAmong([.. ApiScope.All]);
        ExampledCommand command = new(
            "create",
            "Make a key; its text is shown this once and kept nowhere",
            "ffb keys create --output ~/.ffb-key && export FFB_API_KEY_FILE=~/.ffb-key",
            "export FFB_API_KEY=$(ffb keys create --work work)",
            "ffb keys create --tenant acme --name ci --scope jobs:read --days 90"
        );
        KeyDatabase.AddOptionsTo(command);
        command.SetAction(async parsed => (int)await create.RunAsync(parsed, CommonOptions.Terminal(parsed)));
        return command.With(create._name, create._tenant, create._scope, create._days, create._output);
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal)
    {
        string[] scopes = parsed.GetValue(_scope) is { Length: > 0 } given ? [.. given.Distinct()] : Usual;
        DateTimeOffset? expiresAt = parsed.GetValue(_days) is { } days
            ? TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(days)
            : null;
        string tenant = parsed.GetRequiredValue(_tenant);
        // Before there is a key that nobody would get to know.
        FileStream? file = OpenNew(parsed.GetValue(_output));
        try
        {
            MadeKey made = await KeyDatabase.UseAsync(
                parsed,
                keys => keys.CreateAsync(tenant, parsed.GetRequiredValue(_name), scopes, expiresAt, default)
            );
            if (file is null)
            {
                Print(terminal, made);
            }
            else
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(made.Text + "\n"));
                terminal.AnswerOne(
                    new { id = $"{made.Id:N}", file = file.Name },
                    text => text.Note($"Key {made.Id:N} is in {file.Name}: --key-file and FFB_API_KEY_FILE take it.")
                );
                await file.DisposeAsync();
                file = null;
            }
        }
        catch (ArgumentException e)
        {
            throw Setting.Wrong(e.Message.Split(" (Parameter")[0]);
        }
        finally
        {
            if (file is not null)
            {
                // An empty one, which would be in the way of the next try.
                await file.DisposeAsync();
                File.Delete(file.Name);
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>Also with <c>--quiet</c>: it is not to be had again.</summary>
    private static void Print(Terminal terminal, MadeKey made)
    {
        if (terminal.IsJson)
        {
            terminal.AnswerOne(new { id = $"{made.Id:N}", key = made.Text }, _ => { });
        }
        else
        {
            terminal.Line(made.Text);
        }
    }

    private static FileStream? OpenNew(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "output-not-writable",
                $"The file for the key cannot be made ({e.Message}): name one that does not exist yet.",
                isTransient: false,
                e
            );
        }
    }
}
