using System.Collections.Concurrent;
using System.Diagnostics;

namespace FaceFusion.Batch.TestKit.Services;

/// <summary>
/// The real servers that tests run on. Each is started by <c>eng/services.sh</c> when the first test asks for it, is shared by all
/// test projects, and runs on until <c>test.sh</c> stops it. Tests keep apart by a database, virtual host or container of their own.
/// </summary>
public static class RealServices
{
    private static readonly ConcurrentDictionary<string, Task> Started = new();

    /// <summary>A connection string of PostgreSQL as its owner; the database that it names is empty and stays so.</summary>
    public static Task<string> PostgresAsync() => ReadAsync("postgres", "FFB_POSTGRES");

    /// <summary>A connection string of Azure Blob Storage.</summary>
    public static Task<string> AzureStorageAsync() => ReadAsync("azurite", "FFB_BLOBS");

    /// <summary>An empty virtual host of RabbitMQ, gone when it is disposed.</summary>
    public static async Task<RabbitMqHost> RabbitMqHostAsync() =>
        await RabbitMqHost.MakeAsync(
            new Uri(await ReadAsync("rabbitmq", "FFB_RABBITMQ")),
            new Uri(await ReadAsync("rabbitmq", "FFB_RABBITMQ_MANAGEMENT"))
        );

    /// <summary>Runs <c>eng/services.sh</c>, for tests that take a server away.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static async Task ScriptAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(Footage.SolutionFolder(), "eng", "services.sh"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process script =
            Process.Start(start) ?? throw new InvalidOperationException("eng/services.sh could not be started.");
        Task<string> printed = script.StandardOutput.ReadToEndAsync();
        string said = await script.StandardError.ReadToEndAsync();
        _ = await printed;
        await script.WaitForExitAsync();
        if (script.ExitCode != 0)
        {
            throw new InvalidOperationException($"A server could not be started or stopped: {said.Trim()}");
        }
    }

    private static async Task<string> ReadAsync(string server, string name)
    {
        // To start what runs already changes nothing, so two at once do no harm.
        await Started.GetOrAdd(server, static server => ScriptAsync("up", server));
        string file = Path.Combine(Footage.SolutionFolder(), "artifacts", "services", "services.env");
        string line = (await File.ReadAllLinesAsync(file)).Single(l =>
            l.StartsWith($"{name}=", StringComparison.Ordinal)
        );
        return line[(name.Length + 1)..].Trim('\'');
    }
}
