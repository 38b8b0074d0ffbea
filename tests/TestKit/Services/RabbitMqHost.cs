using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace FaceFusion.Batch.TestKit.Services;

/// <summary>A virtual host of RabbitMQ: queues and exchanges of its own. Made, asked and removed through the management API.</summary>
public sealed class RabbitMqHost : IAsyncDisposable
{
    private readonly HttpClient _management;
    private readonly Uri _server;

    private RabbitMqHost(Uri server, Uri management)
    {
        _server = server;
        _management = new HttpClient { BaseAddress = new Uri(management, "/api/") };
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes(server.UserInfo));
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", login);
    }

    public string Name { get; } = $"t{Guid.NewGuid():N}";

    /// <summary><c>amqp://user:password@host:port/virtual-host</c></summary>
    public string Address => new Uri(_server, Name).AbsoluteUri;

    public async ValueTask DisposeAsync()
    {
        using HttpResponseMessage answer = await _management.DeleteAsync($"vhosts/{Name}");
        _management.Dispose();
    }

    /// <summary>What the broker says of every queue: <c>name</c>, <c>type</c>, <c>arguments</c>, …</summary>
    public Task<JsonElement[]> QueuesAsync() => AskAsync($"queues/{Name}");

    /// <summary>Closes every connection to this virtual host from the broker's side; how many it closed, which may not be all that it lists.</summary>
    public async Task<int> CutConnectionsAsync()
    {
        int closed = 0;
        foreach (JsonElement connection in await AskAsync($"vhosts/{Name}/connections"))
        {
            string name = Uri.EscapeDataString(connection.GetProperty("name").GetString() ?? "");
            using HttpResponseMessage answer = await _management.DeleteAsync($"connections/{name}");
            closed += answer.IsSuccessStatusCode ? 1 : 0;
        }

        return closed;
    }

    internal static async Task<RabbitMqHost> MakeAsync(Uri server, Uri management)
    {
        RabbitMqHost host = new(server, management);
        using HttpResponseMessage made = await host._management.PutAsJsonAsync($"vhosts/{host.Name}", new { });
        _ = made.EnsureSuccessStatusCode();
        return host;
    }

    private async Task<JsonElement[]> AskAsync(string path) =>
        await _management.GetFromJsonAsync<JsonElement[]>(path) ?? [];
}
