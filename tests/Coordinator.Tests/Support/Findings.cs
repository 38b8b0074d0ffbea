using System.Text.Json;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>An answer as tables look at it.</summary>
internal sealed record Told(int Status, string Code, string[] Pointers, string Text)
{
    public static async Task<Told> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        using HttpRequestMessage sent = request;
        using HttpResponseMessage answer = await client.SendAsync(sent);
        string text = await answer.Content.ReadAsStringAsync();
        int status = (int)answer.StatusCode;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new Told(status, status < 400 ? "" : "NO PROBLEM", [], text);
        }

        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        string code = problem.GetProperty("code").GetString()!;
        Assert.Equal($"/problems/{code.ToLowerInvariant().Replace('_', '-')}", problem.GetProperty("type").GetString());
        string[] pointers = problem.TryGetProperty("errors", out JsonElement errors)
            ? [.. errors.EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!)]
            : [];
        return new Told(status, code, pointers, text);
    }

    public override string ToString() => $"{Status} {Code} [{string.Join(' ', Pointers)}]";
}

/// <summary>Gathers what a table found wrong, so that one run tells of all of it.</summary>
internal sealed class Findings
{
    private readonly List<string> _wrong = [];
    private int _looked;

    public void Require(bool holds, string what)
    {
        _looked++;
        if (!holds)
        {
            _wrong.Add(what);
        }
    }

    /// <summary>Nothing was wrong, and there was something to look at.</summary>
    public void Done(int atLeast)
    {
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} of {_looked}:\n{string.Join('\n', _wrong.Take(40))}");
        Assert.True(_looked >= atLeast, $"Only {_looked} were looked at.");
    }
}
