using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>
/// A client that talks with a running fleet and writes down what is said, for people to read. Its chapters (<c>*Chapter.cs</c>) ask one
/// thing after another; what a later one needs of an earlier one it finds in <see cref="Kept"/>.
/// </summary>
internal sealed class ApiStory(HttpClient client)
{
    /// <summary>Header fields of answers that tell a reader something.</summary>
    private static readonly string[] Told =
    [
        "Location",
        "ETag",
        "Retry-After",
        "Preference-Applied",
        "Idempotency-Replayed",
        "Link",
        "Allow",
        "WWW-Authenticate",
        "Content-Range",
        "Content-Disposition",
        "Repr-Digest",
    ];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Large fields of answers that a reader has seen once.</summary>
    private static readonly string[] Long = ["recipe", "gates"];

    private readonly StringBuilder _page = new();
    private readonly HashSet<string> _seen = [];

    /// <summary>Ids and the like that chapters hand on, by their names.</summary>
    public Dictionary<string, string> Kept { get; } = [];

    public HttpClient Client => client;

    /// <summary>What was written, with everything replaced that is another in each run.</summary>
    public string Page => Placeholders.Replace(_page.ToString());

    public void Write(string markdown) => _page.Append(markdown).Append("\n\n");

    /// <summary>Asks, and writes both down; the answer's JSON, if it is some.</summary>
    /// <param name="before">One sentence that says what for.</param>
    /// <param name="line">Method and address.</param>
    /// <param name="status">What must come.</param>
    /// <param name="body">JSON to send; null: none.</param>
    /// <param name="fields">Header fields to send, each <c>Name: value</c>.</param>
    /// <param name="rows">Rows of a list that are written down.</param>
    public async Task<JsonElement> AskAsync(
        string before,
        string line,
        int status,
        string? body = null,
        string[]? fields = null,
        int rows = int.MaxValue
    )
    {
        using HttpContent? content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = RequestOf(line, content, fields ?? []);
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        string text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True((int)answer.StatusCode == status, $"{line}: {(int)answer.StatusCode} {text}");
        string[] sent = [.. fields ?? [], .. body is null ? (string[])[] : ["Content-Type: application/json"]];
        Write(before);
        WriteBlock(line, sent, body is null ? null : Shown(JsonNode.Parse(body)!, int.MaxValue));
        bool isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        string? shown =
            isJson ? Shown(Shortened(JsonNode.Parse(text)!), rows)
            : text.Length > 0 ? $"({text.Length} characters)"
            : null;
        WriteBlock($"{status} {answer.ReasonPhrase}", FieldsOf(answer), shown);
        return isJson ? JsonSerializer.Deserialize<JsonElement>(text) : default;
    }

    /// <summary>Sends bytes, or gets some; they are not written down.</summary>
    public async Task<byte[]> ExchangeBytesAsync(
        string before,
        string line,
        int status,
        byte[]? bytes = null,
        string[]? fields = null
    )
    {
        using HttpContent? content = bytes is null ? null : new ByteArrayContent(bytes);
        using HttpRequestMessage request = RequestOf(line, content, fields ?? []);
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        byte[] got = await answer.Content.ReadAsByteArrayAsync(Stop);
        Assert.True((int)answer.StatusCode == status, $"{line}: {(int)answer.StatusCode}");
        Write(before);
        WriteBlock(line, fields ?? [], bytes is null ? null : $"({bytes.Length} bytes)");
        string type = $"Content-Type: {answer.Content.Headers.ContentType}";
        string[] told = got.Length > 0 ? [type, .. FieldsOf(answer)] : FieldsOf(answer);
        WriteBlock($"{status} {answer.ReasonPhrase}", told, got.Length > 0 ? $"({got.Length} bytes)" : null);
        return got;
    }

    /// <summary>Reads a stream of events and writes the first ones down.</summary>
    public async Task FollowAsync(string before, string line, string[] fields, int events)
    {
        using HttpRequestMessage request = RequestOf(line, null, fields);
        using HttpResponseMessage answer = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            Stop
        );
        Assert.Equal(200, (int)answer.StatusCode);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(Stop));
        List<string> lines = [];
        int ends = 0;
        // The line that says how soon to come again has an end of its own.
        while (ends < events + 1 && await reader.ReadLineAsync(Stop) is { } read)
        {
            lines.Add(read);
            ends += read.Length == 0 ? 1 : 0;
        }

        Write(before);
        WriteBlock(line, fields, null);
        WriteBlock("200 OK", ["Content-Type: text/event-stream"], string.Join('\n', lines).TrimEnd());
    }

    /// <summary>Asks without a word in the page; the answer's JSON.</summary>
    public async Task<JsonElement> AskQuietlyAsync(string line, string? body = null, params string[] fields)
    {
        using HttpContent? content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = RequestOf(line, content, fields);
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        string text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{line}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpRequestMessage RequestOf(string line, HttpContent? content, string[] fields)
    {
        string[] words = line.Split(' ', 2);
        HttpRequestMessage request = new(new HttpMethod(words[0]), words[1]) { Content = content };
        foreach (string[] field in fields.Select(f => f.Split(": ", 2)))
        {
            if (field[0] == "Authorization")
            {
                request.Headers.Authorization = AuthenticationHeaderValue.Parse(field[1]);
            }
            else
            {
                Assert.True(request.Headers.TryAddWithoutValidation(field[0], field[1]));
            }
        }

        return request;
    }

    private static string[] FieldsOf(HttpResponseMessage answer) =>
        [
            .. Told.SelectMany(name =>
                answer.Headers.TryGetValues(name, out IEnumerable<string>? values)
                || answer.Content.Headers.TryGetValues(name, out values)
                    ? (string[])[$"{name}: {string.Join(", ", values)}"]
                    : []
            ),
        ];

    private JsonNode Shortened(JsonNode node)
    {
        foreach ((string name, JsonNode? field) in node is JsonObject whole ? whole.ToList() : [])
        {
            bool isLong = Long.Contains(name) && (field is JsonObject or JsonArray { Count: > 0 });
            if (isLong && !_seen.Add(name))
            {
                node[name] = "…";
            }
            else if (field is not null)
            {
                _ = Shortened(field);
            }
        }

        foreach (JsonNode? item in node as JsonArray ?? [])
        {
            _ = item is null ? null : Shortened(item);
        }

        return node;
    }

    private static string Shown(JsonNode node, int rows)
    {
        foreach (JsonArray list in node is JsonObject whole ? whole.Select(f => f.Value).OfType<JsonArray>() : [])
        {
            while (list.Count > rows)
            {
                list.RemoveAt(list.Count - 1);
            }
        }

        return node.ToJsonString(Readable);
    }

    private void WriteBlock(string first, string[] fields, string? body)
    {
        _ = _page.Append("```http\n").Append(first).Append('\n');
        foreach (string field in fields)
        {
            _ = _page.Append(field).Append('\n');
        }

        _ = body is null ? _page : _page.Append('\n').Append(body).Append('\n');
        _ = _page.Append("```\n\n");
    }
}
