using System.Net;
using System.Net.Http.Headers;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>What holds for every operation that the API describes.</summary>
public sealed class OperationTests : IDisposable
{
    private static readonly string[] Methods =
    [
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "PROPFIND",
    ];

    /// <summary>What looks like a key of another kind of service, or nearly like one of this.</summary>
    private static readonly string[] NoKeys =
    [
        // {"alg":"none"}, HS256 signed with nothing, a kid that is a path, and one that is long over.
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhY21lIn0.",
        "eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiJhY21lIn0.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0.eyJ0ZW5hbnQiOiJhY21lIn0.AAAA",
        "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.AAAA",
        "ffb_",
        "null",
        "ffb_00000000000000000000000000000000_' OR 1=1--",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Things_OfAnotherTenant_OrOfNobody_Are404_OnEveryOperation_AndStayAsTheyAre()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        List<ApiOperation> owned = [.. world.Operations.Where(world.IsOwned)];
        string before = await world.CountAsync();
        Findings found = new();
        Func<string, string>[] ids =
        [
            id => id,
            id => $"{id[..4]}{Guid.Empty:N}",
            id => id.ToUpperInvariant(),
            id => id[4..],
            id => $"{id}0",
            id => $"..%2f{id}",
            _ => new string('9', 2000),
        ];
        foreach (ApiOperation operation in owned)
        {
            Told first = await Told.OfAsync(host.Other, world.RequestOf(operation));
            foreach (Func<string, string> id in ids)
            {
                Told theirs = await Told.OfAsync(host.Other, world.RequestOf(operation, id));
                found.Require(theirs is { Status: 404, Code: "NOT_FOUND" }, $"{operation} {id("job_1")}: {theirs}");
                // Whose it is, or that there is such a thing, cannot be told from the answer.
                found.Require(Detail(theirs) == Detail(first), $"{operation} {id("job_1")}: {theirs.Text}");
            }
        }

        Assert.Equal(before, await world.CountAsync());
        // And acme's own are there, by the same requests; what takes things away comes last.
        foreach (ApiOperation operation in owned.OrderBy(o => o.Method == HttpMethod.Delete).ThenBy(o => o.Id))
        {
            Told own = await Told.OfAsync(host.Acme, world.RequestOf(operation));
            found.Require(own.Status is < 400 or 409, $"{operation} of acme's own: {own}");
            found.Require(
                own.Status < 400 || operation.Tells(own.Status, own.Code),
                $"{operation} keeps quiet of {own}"
            );
        }

        found.Done(atLeast: 200);
    }

    [Fact]
    public async Task Ids_OfAnotherTenant_InABody_ArePointedTo_AndNothingIsMade()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach (ApiOperation operation in world.Operations.Where(o => o.TakesJson && !world.IsOwned(o)))
        {
            string[] places = JsonPlaces.Where(
                world.BodyOf(operation),
                text => text.Contains("_0", StringComparison.Ordinal)
            );
            if (places.Length > 0)
            {
                Told theirs = await Told.OfAsync(host.Other, world.RequestOf(operation));
                found.Require(theirs.Status == 400, $"{operation}: {theirs}");
                found.Require(places.All(theirs.Pointers.Contains), $"{operation}: {theirs} and not {places[0]}");
            }
        }

        found.Done(atLeast: 4);
        Assert.Equal(before, await world.CountAsync());
    }

    [Fact]
    public async Task Keys_ThatAreNone_Are401_OnEveryOperation_AndNoKeyIsLogged()
    {
        HeardLines log = new();
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock, log: log);
        ApiKeys keys = host.Get<ApiKeys>();
        MadeKey good = await keys.CreateAsync("acme", "good", [ApiScope.Admin], null, default);
        MadeKey revoked = await keys.CreateAsync("acme", "revoked", [ApiScope.Admin], null, default);
        DateTimeOffset soon = clock.GetUtcNow().AddSeconds(1);
        MadeKey expired = await keys.CreateAsync("acme", "expired", [ApiScope.Admin], soon, default);
        Assert.True(await keys.RevokeAsync(revoked.Id, default));
        clock.Advance(TimeSpan.FromSeconds(1));
        Findings found = new();
        foreach (ApiOperation operation in await ApiOperation.AllAsync(host))
        {
            string url = operation.Places.Aggregate(operation.Path, (p, place) => p.Replace($"{{{place}}}", "1"));
            foreach (string key in (string[])[.. NoKeys, revoked.Text, expired.Text, good.Text[..^1], $"{good.Text}0"])
            {
                await AskAsync(operation, url, "Bearer", key);
            }

            await AskAsync(operation, url, "Basic", good.Text);
            await AskAsync(operation, url, "ffb", good.Text);
            foreach (string name in (string[])["key", "api_key", "access_token", "apikey", "token"])
            {
                await AskAsync(operation, $"{url}?{name}={good.Text}", null, "");
            }
        }

        found.Done(atLeast: 400);
        Assert.Equal(404, (int)(await host.Client(good.Text).GetAsync("/v1/nowhere")).StatusCode);
        Assert.NotEmpty(log.All);
        foreach (string secret in new[] { good, revoked, expired }.Select(k => k.Text.Split('_')[2]))
        {
            Assert.DoesNotContain(log.All, line => line.Contains(secret, StringComparison.Ordinal));
        }

        async Task AskAsync(ApiOperation operation, string url, string? scheme, string key)
        {
            using HttpRequestMessage request = new(operation.Method, url);
            request.Headers.Authorization = scheme is null ? null : new AuthenticationHeaderValue(scheme, key);
            using HttpResponseMessage answer = await host.Client(null).SendAsync(request);
            bool isRight =
                answer.StatusCode == HttpStatusCode.Unauthorized && $"{answer.Headers.WwwAuthenticate}" == "Bearer";
            found.Require(isRight, $"{operation} with {scheme} {key} {url}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Methods_ThatAnAddressDoesNotHave_Are405_AndAllowSaysWhichItHas_WhateverAHeaderFieldWishes()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach (IGrouping<string, ApiOperation> address in world.Operations.GroupBy(o => o.Path))
        {
            string url = world.AddressOf(address.First());
            // To the router /v1/jobs/{job}:cancel and /v1/jobs/{job} are one address: of a job with an odd name.
            string thing = address.Key.Split(':')[0];
            IEnumerable<ApiOperation> there = world.Operations.Where(o => o.Path.Split(':')[0] == thing);
            HashSet<string> known = [.. there.Select(o => o.Method.Method)];
            foreach (string method in Methods.Except(known))
            {
                using HttpRequestMessage request = new(new HttpMethod(method), url);
                using HttpResponseMessage answer = await host.Acme.SendAsync(request);
                bool hasBody = method == "HEAD" || (await answer.ProblemAsync()).Code == "METHOD_NOT_ALLOWED";
                found.Require((int)answer.StatusCode == 405 && hasBody, $"{method} {address.Key}: {answer.StatusCode}");
                bool isAllowed = known.SetEquals(answer.Content.Headers.Allow);
                found.Require(
                    isAllowed,
                    $"{method} {address.Key} allows {string.Join(' ', answer.Content.Headers.Allow)}"
                );
            }

            if (known.Contains("GET"))
            {
                using HttpRequestMessage request = new(HttpMethod.Get, url);
                request.Headers.Add("X-HTTP-Method-Override", "DELETE");
                request.Headers.Add("X-HTTP-Method", "DELETE");
                request.Headers.Add("X-Method-Override", "DELETE");
                int status = (int)(await host.Acme.SendAsync(request)).StatusCode;
                found.Require(status == 200 || address.Key != thing, $"GET {address.Key} with an override: {status}");
            }
        }

        found.Done(atLeast: 150);
        Assert.Equal(before, await world.CountAsync());
    }

    [Fact]
    public async Task Bodies_OfAnotherType_Are415_OnEveryOperation()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        string?[] types =
        [
            null,
            "text/plain",
            "text/json",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/json; charset=iso-8859-1",
            "application/json5",
            "*/*",
            "nonsense",
        ];
        Findings found = new();
        foreach (ApiOperation operation in world.Operations.Where(o => o.TakesJson))
        {
            foreach (string? type in types)
            {
                HttpRequestMessage request = world.RequestOf(operation);
                request.Content!.Headers.Remove("Content-Type");
                _ = type is null || request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                Told told = await Told.OfAsync(host.Acme, request);
                bool isRight =
                    told is { Status: 415, Code: "UNSUPPORTED_MEDIA_TYPE" } && operation.Tells(415, told.Code);
                found.Require(isRight, $"{operation} as {type}: {told}");
            }
        }

        found.Done(atLeast: 60);
        Assert.Equal(before, await world.CountAsync());
    }

    private static string Detail(Told told)
    {
        int at = told.Text.IndexOf("\"traceId\"", StringComparison.Ordinal);
        return at < 0 ? told.Text : told.Text[..at];
    }
}
