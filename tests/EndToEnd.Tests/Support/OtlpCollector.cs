using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>A span as it was received.</summary>
internal sealed record Span(
    string Service,
    string Trace,
    string Id,
    string Parent,
    string Name,
    ulong Start,
    ulong End
);

/// <summary>Takes traces and metrics over OTLP/HTTP, as any collector does.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public ConcurrentQueue<Span> Spans { get; } = new();

    /// <summary>Names of all metrics received.</summary>
    public ConcurrentDictionary<string, string> Metrics { get; } = new();

    public string Url => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _ = builder.Services.AddRoutingCore();
        OtlpCollector collector = new(builder.Build());
        _ = collector._app.MapPost("/v1/traces", http => TakeAsync(http, collector.TakeSpans));
        _ = collector._app.MapPost("/v1/metrics", http => TakeAsync(http, collector.TakeMetrics));
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext http, Action<string, ReadOnlyMemory<byte>> take)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        // Resource…s = 1 { resource = 1, Scope…s = 2 { …s = 2 } }
        foreach ((_, ReadOnlyMemory<byte> resource) in WireReader.Fields(body.ToArray()).Where(f => f.Number == 1))
        {
            string service = "";
            foreach ((int number, ReadOnlyMemory<byte> part) in WireReader.Fields(resource))
            {
                if (number == 1)
                {
                    service = Attributes(part, 1).GetValueOrDefault("service.name", "");
                }
                else if (number == 2)
                {
                    foreach ((_, ReadOnlyMemory<byte> item) in WireReader.Fields(part).Where(f => f.Number == 2))
                    {
                        take(service, item);
                    }
                }
            }
        }

        http.Response.ContentType = "application/x-protobuf";
    }

    private void TakeSpans(string service, ReadOnlyMemory<byte> span)
    {
        ILookup<int, ReadOnlyMemory<byte>> fields = WireReader.Fields(span).ToLookup(f => f.Number, f => f.Bytes);
        Spans.Enqueue(
            new Span(
                service,
                Hex(fields[1].First()),
                Hex(fields[2].First()),
                Hex(fields[4].FirstOrDefault()),
                WireReader.Text(fields[5].First()),
                WireReader.Fixed(fields[7].First()),
                WireReader.Fixed(fields[8].First())
            )
        );
    }

    private void TakeMetrics(string service, ReadOnlyMemory<byte> metric) =>
        Metrics[WireReader.Text(WireReader.Fields(metric).First(f => f.Number == 1).Bytes)] = service;

    private static Dictionary<string, string> Attributes(ReadOnlyMemory<byte> message, int number)
    {
        Dictionary<string, string> all = [];
        foreach ((_, ReadOnlyMemory<byte> pair) in WireReader.Fields(message).Where(f => f.Number == number))
        {
            ILookup<int, ReadOnlyMemory<byte>> fields = WireReader.Fields(pair).ToLookup(f => f.Number, f => f.Bytes);
            (int kind, ReadOnlyMemory<byte> value) = WireReader.Fields(fields[2].First()).First();
            all[WireReader.Text(fields[1].First())] = kind == 1 ? WireReader.Text(value) : Hex(value);
        }

        return all;
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
