using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Jobs;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Client;

public sealed class ApiConnectionTests
{
    private const string Empty = """{"jobs":[]}""";

    [Fact]
    public async Task AskAsync_BusyServer_IsAskedAgainWhenItSaid()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, number) =>
            {
                http.Response.Headers.RetryAfter = "0";
                return number < 2
                    ? ScriptedServer.ProblemAsync(http, 503, "unavailable", "Later.")
                    : http.Response.WriteAsync(Empty);
            }
        );
        List<string> waits = [];
        using ApiConnection connection = new(server.Address, "ffb_k", TimeProvider.System)
        {
            OnWait = e => waits.Add(e.Code),
        };

        ApiJobList jobs = await connection.AskAsync<ApiJobList>(ApiCall.Get("v1/jobs"), Stop);

        Assert.Empty(jobs.Jobs);
        Assert.Equal(3, server.Seen.Count);
        Assert.Equal(["unavailable"], waits);
        Assert.All(server.Seen, header => Assert.Equal("Bearer ffb_k", header));
    }

    [Fact]
    public async Task AskAsync_WhatMayNotBeRepeated_IsSentOnce()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) => ScriptedServer.ProblemAsync(http, 503, "unavailable", "Later.")
        );
        using ApiConnection connection = Connect(server);

        ApiCallException refused = await RefusedAsync(connection, ApiCall.Post("v1/jobs/job_1:retry"));

        Assert.Equal((ExitCode.Unavailable, "unavailable", "Later. (trace t)"), Facts(refused));
        _ = Assert.Single(server.Seen);
    }

    [Fact]
    public async Task AskAsync_WithAnIdempotencyKey_IsRepeated()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, number) =>
            {
                http.Response.Headers.RetryAfter = "0";
                return number == 0
                    ? ScriptedServer.ProblemAsync(http, 409, "request-in-flight", "Wait.")
                    : http.Response.WriteAsync(
                        $$"""{"jobs":[],"nextPageToken":"{{http.Request.Headers["Idempotency-Key"]}}"}"""
                    );
            }
        );
        using ApiConnection connection = Connect(server);

        ApiJobList answer = await connection.AskAsync<ApiJobList>(ApiCall.Post("v1/jobs").Once("mine"), Stop);

        Assert.Equal("mine", answer.NextPageToken);
        Assert.Equal(2, server.Seen.Count);
    }

    [Theory]
    [InlineData(400, "invalid-request", "Precheck")]
    [InlineData(401, "unauthorized", "Unauthorized")]
    [InlineData(403, "forbidden", "Unauthorized")]
    [InlineData(404, "not-found", "NotFound")]
    [InlineData(409, "invalid-state", "Conflict")]
    [InlineData(410, "upload-expired", "NotFound")]
    [InlineData(412, "precondition-failed", "Conflict")]
    [InlineData(413, "too-large", "Precheck")]
    [InlineData(422, "idempotency-key-reused", "Conflict")]
    [InlineData(422, "video-truncated", "Precheck")]
    [InlineData(429, "quota-exceeded", "Quota")]
    [InlineData(500, "internal", "Unavailable")]
    public async Task AskAsync_Problem_IsItsExitCode(int status, string code, string expected)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) => ScriptedServer.ProblemAsync(http, status, code, "What.")
        );
        using ApiConnection connection = Connect(server);

        ApiCallException refused = await RefusedAsync(connection, ApiCall.Post("v1/jobs"));

        Assert.Equal((expected, code), ($"{refused.Exit}", refused.Code));
    }

    [Fact]
    public async Task AskAsync_ControlCharactersOfTheServer_AreNotPrinted()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) => ScriptedServer.ProblemAsync(http, 400, "\\u001b[2J", "a\\u001b[2Jb\\nc\\u202ed")
        );
        using ApiConnection connection = Connect(server);

        ApiCallException refused = await RefusedAsync(connection, ApiCall.Post("v1/jobs"));

        Assert.Equal("a\uFFFD[2Jb c\uFFFDd", refused.Message);
        Assert.Equal("\uFFFD[2J", refused.Code);
    }

    [Theory]
    [InlineData(200, "<html>welcome</html>", "server-strange")]
    [InlineData(404, "<html>nothing</html>", "http-404")]
    public async Task AskAsync_SomeOtherServer_IsSaidToBe(int status, string page, string code)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = status;
                http.Response.ContentType = "text/html";
                return http.Response.WriteAsync(page);
            }
        );
        using ApiConnection connection = Connect(server);

        ApiCallException refused = await RefusedAsync(connection, ApiCall.Get("v1/jobs"));

        Assert.Equal(code, refused.Code);
        Assert.Contains("--server", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendToAsync_AnotherServer_DoesNotGetTheKey()
    {
        await using ScriptedServer store = await ScriptedServer.StartAsync((http, _) => Task.CompletedTask);
        await using ScriptedServer server = await ScriptedServer.StartAsync((http, _) => Task.CompletedTask);
        using ApiConnection connection = Connect(server);

        (await connection.SendToAsync($"{store.Address}block?sig=x", ApiCall.Get(""), Stop)).Dispose();
        (await connection.SendToAsync("/v1/uploads/u/blocks/0", ApiCall.Get(""), Stop)).Dispose();

        Assert.Equal([""], store.Seen);
        Assert.Equal(["Bearer ffb_k"], server.Seen);
    }

    [Fact]
    public async Task SendAsync_Redirect_IsNotFollowedWithTheKey()
    {
        await using ScriptedServer other = await ScriptedServer.StartAsync((http, _) => Task.CompletedTask);
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) =>
            {
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = other.Address.ToString();
                return Task.CompletedTask;
            }
        );
        using ApiConnection connection = Connect(server);

        using HttpResponseMessage answer = await connection.SendAsync(ApiCall.Get("v1/x"), Stop);

        Assert.Equal(302, (int)answer.StatusCode);
        Assert.Empty(other.Seen);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ApiConnection Connect(ScriptedServer server) => new(server.Address, "ffb_k", TimeProvider.System);

    private static Task<ApiCallException> RefusedAsync(ApiConnection connection, ApiCall call) =>
        Assert.ThrowsAsync<ApiCallException>(() => connection.AskAsync<ApiJobList>(call, Stop));

    private static (ExitCode, string, string) Facts(ApiCallException e) => (e.Exit, e.Code, e.Message);
}
