using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A request as a receiver of webhooks got it.</summary>
internal sealed record Received(string Path, string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>By a secret, as a receiver computes it.</summary>
    public string SignatureOf(string secret)
    {
        byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }
}

/// <summary>A web server that takes deliveries, on a loopback address of its own.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookReceiver(WebApplication app) => _app = app;

    /// <summary>In the order in which they came; a request counts before it is answered.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>What is done with a request behind its being noted. At first: answered with 200.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<HookReceiver> OpenAsync(string url = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseUrls(url);
        WebApplication app = builder.Build();
        HookReceiver receiver = new(app);
        app.Run(async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            IHeaderDictionary headers = http.Request.Headers;
            receiver.Requests.Enqueue(
                new Received(
                    http.Request.Path,
                    headers["webhook-id"].ToString(),
                    headers["webhook-timestamp"].ToString(),
                    headers["webhook-signature"].ToString(),
                    body.ToArray()
                )
            );
            await receiver.Answer(http);
        });
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

internal static class OpenSsl
{
    /// <summary>HMAC-SHA256 in base64, by a program that is not ours.</summary>
    public static async Task<string> HmacAsync(byte[] key, byte[] signed)
    {
        ProcessStartInfo start = new("openssl")
        {
            ArgumentList = { "dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexString(key)}", "-r" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(signed);
        process.StandardInput.Close();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Convert.ToBase64String(Convert.FromHexString(said.Split(' ')[0]));
    }
}
