using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Cli.Tests.Support;

/// <summary>A web server with one file under every path but those that are named, that knows ranges and entity tags, and breaks off when it is told to.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly ScriptedServer _server;

    private FileHost(ScriptedServer server) => _server = server;

    public byte[] Content { get; set; } = [];

    /// <summary>Other files, by the last part of the path.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; set; } = new Dictionary<string, byte[]>();

    /// <summary>Null: none is sent.</summary>
    public string? Tag { get; set; } = "\"1\"";

    /// <summary>Bytes of each answer, one after another, behind which the connection is cut; afterwards none is.</summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>Answers instead, where it gives a status.</summary>
    public Func<HttpRequest, int?> Refuse { get; set; } = _ => null;

    /// <summary>Path, Range and If-Range of each request.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Url => _server.Address.GetLeftPart(UriPartial.Authority);

    public static async Task<FileHost> StartAsync(byte[] content)
    {
        FileHost? host = null;
        ScriptedServer server = await ScriptedServer.StartAsync((http, _) => host!.AnswerAsync(http));
        return host = new FileHost(server) { Content = content };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        string range = http.Request.Headers.Range.ToString();
        string ifRange = http.Request.Headers.IfRange.ToString();
        Asked.Enqueue($"{http.Request.Path} {range} {ifRange}".TrimEnd());
        if (Refuse(http.Request) is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        byte[] content = Files.GetValueOrDefault(http.Request.Path.Value!.Split('/')[^1]) ?? Content;
        int from = 0;
        if (range.Length > 0 && ifRange == Tag)
        {
            from = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        if (Tag is not null)
        {
            http.Response.Headers.ETag = Tag;
        }

        http.Response.ContentLength = content.Length - from;
        if (Cuts.TryDequeue(out int count))
        {
            await http.Response.Body.WriteAsync(content.AsMemory(from, count));
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(content.AsMemory(from));
    }
}
