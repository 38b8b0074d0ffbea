using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Commands.Jobs;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Coordinator.Api.Access;

namespace FaceFusion.Batch.Cli.Commands.Keys;

/// <summary><c>ffb keys</c>: who may speak to a fleet.</summary>
internal static class KeysCommand
{
    public static Command Create() =>
        new ExampledCommand(
            "keys",
            "Make and revoke keys to the HTTP API, in the coordinator's database",
            "ffb keys create --output ~/.ffb-key",
            "ffb keys list",
            "ffb keys revoke 0123…"
        )
        {
            KeyCreateCommand.Create(),
            List(),
            Revoke(),
        };

    private static ExampledCommand List()
    {
        ExampledCommand command = new("list", "The keys that there are, without their secrets", "ffb keys list");
        KeyDatabase.AddOptionsTo(command);
        command.SetAction(async parsed =>
        {
            IReadOnlyList<KnownKey> keys = await KeyDatabase.UseAsync(parsed, keys => keys.ListAsync(default));
            CommonOptions
                .Terminal(parsed)
                .AnswerList("keys", [.. keys.Select(KeyDocument)], terminal => PrintList(terminal, keys));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static ExampledCommand Revoke()
    {
        Argument<string[]> ids = new("KEY")
        {
            Description = "Ids of keys, as list shows them",
            Arity = ArgumentArity.OneOrMore,
        };
        ExampledCommand command = new(
            "revoke",
            "Let keys open nothing any more, within ten seconds",
            "ffb keys revoke 0123…"
        );
        KeyDatabase.AddOptionsTo(command);
        command.Arguments.Add(ids);
        command.SetAction(async parsed =>
        {
            Terminal terminal = CommonOptions.Terminal(parsed);
            return (int)
                await KeyDatabase.UseAsync(
                    parsed,
                    keys =>
                        FleetCommand.EachAsync(
                            terminal,
                            parsed.GetRequiredValue(ids),
                            async id =>
                            {
                                await RevokeAsync(keys, id);
                                terminal.AnswerOne(new { id, revoked = true }, text => text.Line($"{id}  revoked"));
                            }
                        )
                );
        });
        return command;
    }

    private static async Task RevokeAsync(ApiKeys keys, string id)
    {
        if (!Guid.TryParseExact(id, "N", out Guid key) || !await keys.RevokeAsync(key, default))
        {
            throw new ApiCallException(
                ExitCode.NotFound,
                "key-not-found",
                $"There is no key {Printable.Of(id)}: `ffb keys list` shows those that there are."
            );
        }
    }

    private static object KeyDocument(KnownKey key) =>
        new
        {
            id = $"{key.Id:N}",
            key.Name,
            tenant = key.TenantId,
            key.Scopes,
            createTime = key.CreatedAt,
            expireTime = key.ExpiresAt,
            revokeTime = key.RevokedAt,
        };

    private static void PrintList(Terminal terminal, IReadOnlyList<KnownKey> keys)
    {
        if (keys.Count == 0)
        {
            terminal.Note("No keys: `ffb keys create` makes one.");
            return;
        }

        RowTable table = new("KEY", "STATE", "NAME", "TENANT", "CREATED", "SCOPES");
        foreach (KnownKey key in keys)
        {
            string state =
                key.RevokedAt is not null ? "revoked"
                : key.ExpiresAt <= TimeProvider.System.GetUtcNow() ? "expired"
                : "good";
            table.Add(
                [
                    $"{key.Id:N}",
                    state,
                    Printable.Of(key.Name),
                    key.TenantId,
                    JobTables.Time(key.CreatedAt),
                    string.Join(' ', key.Scopes),
                ],
                null
            );
        }

        table.WriteTo(terminal);
    }
}
