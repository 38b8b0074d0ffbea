using System.Text.Json;
using System.Text.RegularExpressions;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>One operation as the API describes it: what tables of tests walk over.</summary>
internal sealed partial record ApiOperation(string Id, HttpMethod Method, string Path, JsonElement Described)
{
    private const string Json = "application/json";

    public string Scope => Described.GetProperty("x-scope").GetString()!;

    /// <summary>Names of the path's parameters.</summary>
    public IReadOnlyList<string> Places => [.. Place().Matches(Path).Select(m => m.Groups[1].Value)];

    public bool TakesJson => Body is { } body && body.GetProperty("content").TryGetProperty(Json, out _);

    public bool NeedsBody => Body is { } body && body.TryGetProperty("required", out JsonElement r) && r.GetBoolean();

    private JsonElement? Body => Described.TryGetProperty("requestBody", out JsonElement body) ? body : null;

    /// <summary>Every operation of the description.</summary>
    public static async Task<IReadOnlyList<ApiOperation>> AllAsync(ApiHost host)
    {
        JsonElement document = await (await host.Client(null).GetAsync("/openapi/v1.json")).JsonAsync();
        List<ApiOperation> all = [];
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            all.AddRange(
                path.Value.EnumerateObject()
                    .Select(o => new ApiOperation(
                        o.Value.GetProperty("operationId").GetString()!,
                        new HttpMethod(o.Name.ToUpperInvariant()),
                        path.Name,
                        o.Value
                    ))
            );
        }

        Assert.NotEmpty(all);
        return all;
    }

    /// <summary>The query parameter or header field is among those that the operation honours.</summary>
    public bool Honours(string name) =>
        Described.TryGetProperty("parameters", out JsonElement all)
        && all.EnumerateArray().Any(p => p.GetProperty("name").GetString() == name);

    /// <summary>That it may answer so is in its description.</summary>
    public bool Tells(int status, string code) =>
        Described.GetProperty("responses").TryGetProperty($"{status}", out JsonElement answer)
        && (
            !answer.TryGetProperty("x-codes", out JsonElement codes)
            || codes.EnumerateArray().Any(c => c.GetString() == code)
        );

    public override string ToString() => Id;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}
