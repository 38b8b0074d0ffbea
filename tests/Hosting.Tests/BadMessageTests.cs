using System.Text;
using FaceFusion.Batch.Hosting.Metrics;
using FaceFusion.Batch.TestKit.Services;
using RabbitMQ.Client;

namespace FaceFusion.Batch.Hosting.Tests;

/// <summary>What is no message of ours is put aside and counted, and the consumer lives.</summary>
[Collection("broker")]
public sealed class BadMessageTests : IAsyncLifetime
{
    private const string Ours = "application/vnd.masstransit+json";

    /// <summary>Bodies as whoever has the broker's login can put them into a queue, and what they say they are.</summary>
    private static readonly (string Body, string ContentType)[] Bad =
    [
        ("", Ours),
        ("<html>", Ours),
        ("number: 1", "application/x-yaml"),
        ("""{"messageType":["urn:message:FaceFusion.Batch.Hosting""", Ours),
        ("""{"number":1}""", Ours),
        (Of("Unknown", """{"number":1}"""), Ours),
        (Of("Order", """{"number":"one"}"""), Ours),
        (Of("Order", """{"number":1e999}"""), Ours),
        (Of("Order", "null"), Ours),
        (Of("Order", new string('[', 1000) + new string(']', 1000)), Ours),
        (Of("Order", $$"""{"number":{},"more":"{{new string('x', 10 << 20)}}"}"""), Ours),
    ];

    private RabbitMqHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await RealServices.RabbitMqHostAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Messages_ThatCannotBeRead_ArePutAsideAndCounted_AndTheNextOneIsTaken()
    {
        BusOptions options = new()
        {
            RabbitMq = RabbitMqOptions.Parse(_host.Address),
            DrainSeconds = 0,
            EndsUnheard = false,
        };
        await using Station station = await Station.OpenAsync(options, "a");
        using PrometheusPage page = new([station.Meter.Meter]);

        await PublishAsync("order", Bad);
        await station.Bus.Publish(new Order(2), Stop);

        await station.Heard.WaitAsync<Order>(1);
        Assert.Equal([2], station.Heard.All<Order>().Select(o => o.Number));
        Dictionary<string, int> counts = [];
        await Patience.UntilAsync(
            async () =>
            {
                counts = (await _host.QueuesAsync())
                    .Where(q => q.TryGetProperty("messages", out _))
                    .ToDictionary(q => q.GetProperty("name").GetString()!, q => q.GetProperty("messages").GetInt32());
                return counts.GetValueOrDefault("order_error") + counts.GetValueOrDefault("order_skipped")
                    == Bad.Length;
            },
            "all of them to be put aside"
        );
        Assert.Equal((0, 1), (counts["order"], counts["order_skipped"]));
        Assert.Contains(
            $$"""ffb_message_faults_total{queue="order"} {{Bad.Length}}""",
            page.Write(),
            StringComparison.Ordinal
        );
    }

    private async Task PublishAsync(string queue, (string Body, string ContentType)[] messages)
    {
        ConnectionFactory factory = new() { Uri = new Uri(_host.Address) };
        await using IConnection connection = await factory.CreateConnectionAsync(Stop);
        await using IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            cancellationToken: Stop
        );
        foreach ((string body, string contentType) in messages)
        {
            BasicProperties properties = new() { ContentType = contentType };
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Stop);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Of(string type, string message) =>
        $$"""{"messageType":["urn:message:FaceFusion.Batch.Hosting.Tests:{{type}}"],"message":{{message}}}""";
}
