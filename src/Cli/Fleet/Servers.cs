using System.Diagnostics;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>How to reach RabbitMQ, PostgreSQL and a blob store: as the environment says, or on those of <c>eng/services.sh</c>.</summary>
internal sealed record Servers(string Postgres, string RabbitMq, string Blobs, string BlobOrigin)
{
    private static readonly string Script = Path.Combine("eng", "services.sh");

    private static readonly string[] Names = ["FFB_POSTGRES", "FFB_RABBITMQ", "FFB_BLOBS", "FFB_BLOB_ORIGIN"];

    /// <summary>Starts the servers that do not run, unless the environment names others; they run on afterwards.</summary>
    /// <exception cref="StorageException"><c>services-missing</c>, <c>services-failed</c>.</exception>
    public static async Task<Servers> FindAsync(CancellationToken stop)
    {
        string?[] given = [.. Names.Select(Environment.GetEnvironmentVariable)];
        return given.All(value => value is { Length: > 0 })
            ? Of(name => given[Array.IndexOf(Names, name)])
            : await StartAsync(stop);
    }

    private static async Task<Servers> StartAsync(CancellationToken stop)
    {
        string script =
            Installation.Find(Script)
            ?? throw new StorageException(
                "services-missing",
                $"{Script} is not beside or above the program: set {string.Join(", ", Names)} to servers of your own.",
                isTransient: false
            );
        ProcessStartInfo start = new(script, ["up"]) { RedirectStandardOutput = true };
        using Process starting =
            Process.Start(start) ?? throw new InvalidOperationException("No process came of a start without shell.");
        string printed = await starting.StandardOutput.ReadToEndAsync(stop);
        await starting.WaitForExitAsync(stop);
        if (starting.ExitCode != 0)
        {
            throw new StorageException(
                "services-failed",
                "The servers could not be started; the lines above say why.",
                isTransient: true
            );
        }

        var values = printed
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''));
        return Of(name => values.GetValueOrDefault(name));
    }

    private static Servers Of(Func<string, string?> value) =>
        new(value(Names[0]) ?? "", value(Names[1]) ?? "", value(Names[2]) ?? "", value(Names[3]) ?? "");

    public override string ToString() => "RabbitMQ, PostgreSQL and a blob store";
}
