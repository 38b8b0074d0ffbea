using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>The API's own description, and what holds for every operation that it names.</summary>
public sealed partial class ApiDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Description_NamesEveryOperation_AndNoneIsOpen()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        using HttpClient nobody = host.Client(null);
        JsonElement document = await (await nobody.GetAsync("/openapi/v1.json")).JsonAsync();
        List<(string Method, string Path, string Scope)> operations =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Select(operation =>
                            (operation.Name, path.Name, operation.Value.GetProperty("x-scope").GetString()!)
                        )
                ),
        ];
        int mapped = host.Get<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith("/v1", StringComparison.Ordinal) ?? false)
            .Sum(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Count ?? 0);

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(mapped, operations.Count);
        foreach ((string method, string path, string scope) in operations)
        {
            string url = Placeholder().Replace(path, "1");
            string wrong = scope == ApiScope.ReadJobs ? ApiScope.Workers : ApiScope.ReadJobs;
            HttpClient weak = await host.ClientAsync("acme", wrong);

            HttpStatusCode without = await AskAsync(nobody, method, url);
            HttpStatusCode lacking = await AskAsync(weak, method, url);

            Assert.True(without == HttpStatusCode.Unauthorized, $"{method} {path} without a key: {without}");
            Assert.True(lacking == HttpStatusCode.Forbidden, $"{method} {path} without {scope}: {lacking}");
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string method, string url)
    {
        using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url);
        return (await client.SendAsync(request)).StatusCode;
    }
}
