using System.Net.Http.Headers;
using System.Net.ServerSentEvents;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A stream of server-sent events, read as a client does.</summary>
internal sealed class ApiStream(HttpResponseMessage answer, Stream content) : IAsyncDisposable
{
    /// <summary>The problem that came instead of a stream.</summary>
    public async Task<(int Status, string Code)> ProblemAsync()
    {
        using StreamReader reader = new(content);
        answer.Content = new StringContent(await reader.ReadToEndAsync(), answer.Content.Headers.ContentType);
        return await answer.ProblemAsync();
    }

    private readonly IAsyncEnumerator<SseItem<string>> _items = SseParser
        .Create(content)
        .EnumerateAsync()
        .GetAsyncEnumerator();

    public HttpResponseMessage Answer => answer;

    public static async Task<ApiStream> OpenAsync(HttpClient client, string url, string? last = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new ApiStream(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null: the stream has ended.</summary>
    public async Task<SseItem<string>?> NextAsync() =>
        await _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)) ? _items.Current : null;

    /// <summary>All there is until the end.</summary>
    public async Task<List<SseItem<string>>> RestAsync()
    {
        List<SseItem<string>> rest = [];
        while (await NextAsync() is { } item)
        {
            rest.Add(item);
        }

        return rest;
    }

    /// <summary>Lets the connection go; what is left is not read.</summary>
    public ValueTask DisposeAsync()
    {
        content.Dispose();
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
