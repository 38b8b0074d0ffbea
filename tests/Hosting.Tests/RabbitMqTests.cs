using System.Text.Json;
using FaceFusion.Batch.TestKit.Services;
using RabbitMQ.Client;

namespace FaceFusion.Batch.Hosting.Tests;

/// <summary>The bus on a real broker.</summary>
[Collection("broker")]
public sealed class RabbitMqTests : IAsyncLifetime
{
    private RabbitMqHost _host = null!;

    /// <summary>What a test does to a line would end a process that watches it.</summary>
    private BusOptions Options =>
        new()
        {
            RabbitMq = RabbitMqOptions.Parse(_host.Address),
            DrainSeconds = 0,
            EndsUnheard = false,
        };

    public async ValueTask InitializeAsync() => _host = await RealServices.RabbitMqHostAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Queues_OfWork_AreQuorumQueuesWithALimitAndDeadLetters()
    {
        await using Station station = await Station.OpenAsync(Options, "a");

        Dictionary<string, JsonElement> queues = (await _host.QueuesAsync()).ToDictionary(q =>
            q.GetProperty("name").GetString()!
        );

        JsonElement work = queues["order"];
        JsonElement arguments = work.GetProperty("arguments");
        Assert.Equal("quorum", work.GetProperty("type").GetString());
        Assert.Equal(50, arguments.GetProperty("x-delivery-limit").GetInt32());
        Assert.Equal(7_200_000, arguments.GetProperty("x-consumer-timeout").GetInt64());
        Assert.Equal("dead-letters", arguments.GetProperty("x-dead-letter-exchange").GetString());
        Assert.Equal("at-least-once", arguments.GetProperty("x-dead-letter-strategy").GetString());
        Assert.Equal("quorum", queues["dead-letters"].GetProperty("type").GetString());
        JsonElement broadcasts = queues["broadcast-called-consumer-a"];
        Assert.Equal(60_000, broadcasts.GetProperty("arguments").GetProperty("x-expires").GetInt32());
        Assert.True(broadcasts.GetProperty("durable").GetBoolean());
    }

    [Fact]
    public async Task FindUnheard_OfAProcessThatListens_IsNone_AndOfOneThatIsGoneItsQueue()
    {
        RabbitMqOptions broker = Options.RabbitMq!;
        CancellationToken stop = TestContext.Current.CancellationToken;
        Task<string?> FindAsync(params string[] queues) => BrokerCheck.FindUnheardAsync(broker, queues, stop);
        await using (Station station = await Station.OpenAsync(Options, "a"))
        {
            IReadOnlyList<string> queues = BusWatch.QueuesOf(((MassTransit.IBusControl)station.Bus).CheckHealth());

            Assert.Contains("order", queues);
            Assert.Null(await FindAsync([.. queues]));
            Assert.Equal("no-such-queue", await FindAsync("order", "no-such-queue", "order"));
        }

        Assert.Equal("order", await FindAsync("order"));
    }

    [Fact]
    public async Task Work_GoesToOneStation_AndABroadcastToEach()
    {
        await using Station a = await Station.OpenAsync(Options, "a");
        await using Station b = await Station.OpenAsync(Options, "b");

        for (int i = 0; i < 20; i++)
        {
            await a.Bus.Publish(new Order(i), TestContext.Current.CancellationToken);
        }

        await a.Bus.Publish(new Called(1), TestContext.Current.CancellationToken);

        await a.Heard.WaitAsync<Called>(1);
        await b.Heard.WaitAsync<Called>(1);
        await Patience.UntilAsync(
            () => Task.FromResult(a.Heard.All<Order>().Count + b.Heard.All<Order>().Count >= 20),
            "20 orders"
        );
        Assert.Equal(
            Enumerable.Range(0, 20),
            a.Heard.All<Order>().Concat(b.Heard.All<Order>()).Select(o => o.Number).Order()
        );
        Assert.NotEmpty(b.Heard.All<Order>());
    }

    [Fact]
    public async Task Order_InHandWhenTheLineIsCut_IsDeliveredAgainAndTheBusComesBack()
    {
        using SemaphoreSlim go = new(0);
        await using Station station = await Station.OpenAsync(Options, "a", _ => go.WaitAsync());
        await station.Bus.Publish(new Order(1), TestContext.Current.CancellationToken);
        await station.Heard.WaitAsync<Order>(1);
        // The broker lists a connection some seconds after it is made.
        await Patience.UntilAsync(async () => await _host.CutConnectionsAsync() > 0, "a connection to cut");
        // The broker answers before the line is down, over which the order could still be acknowledged.
        await Patience.UntilAsync(
            async () =>
                station.Heard.All<Order>().Count > 1
                || await BrokerCheck.FindUnheardAsync(Options.RabbitMq!, ["order"], CancellationToken.None) is not null,
            "the line to be down"
        );

        _ = go.Release(10);

        await station.Heard.WaitAsync<Order>(2);
        await station.Bus.Publish(new Order(2), TestContext.Current.CancellationToken);
        await station.Bus.Publish(new Called(2), TestContext.Current.CancellationToken);
        await station.Heard.WaitAsync<Called>(1);
        await Patience.UntilAsync(
            () => Task.FromResult(station.Heard.All<Order>().Any(o => o.Number == 2)),
            "the next order"
        );
    }

    [Fact]
    public async Task Order_ThatIsNeverAcknowledged_BecomesADeadLetter()
    {
        BusOptions options = Options with { RabbitMq = Options.RabbitMq! with { DeliveryLimit = 1 } };
        await (await Station.OpenAsync(options, "a")).DisposeAsync();
        CancellationToken stop = TestContext.Current.CancellationToken;
        ConnectionFactory factory = new() { Uri = new Uri(_host.Address) };

        // As if the process died with the order in hand, again and again: its connection ends without a word about it.
        for (int i = 0; i < 2; i++)
        {
            await using IConnection connection = await factory.CreateConnectionAsync(stop);
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: stop);
            if (i == 0)
            {
                await channel.BasicPublishAsync("", "order", new byte[] { 1 }, stop);
            }

            BasicGetResult? order = null;
            await Patience.UntilAsync(
                async () => (order = await channel.BasicGetAsync("order", autoAck: false, stop)) is not null,
                "the order"
            );
            Assert.Equal(i == 1, order!.Redelivered);
        }

        await Patience.UntilAsync(
            async () =>
                (await _host.QueuesAsync()).Any(q =>
                    q.GetProperty("name").GetString() == "dead-letters"
                    && q.TryGetProperty("messages", out JsonElement count)
                    && count.GetInt32() == 1
                ),
            "a dead letter"
        );
    }

    [Fact]
    public async Task Logs_HoldNoPassword()
    {
        Station station = await Station.OpenAsync(Options, "a", _ => throw new InvalidOperationException("No."));
        await station.Bus.Publish(new Order(1), TestContext.Current.CancellationToken);
        await station.Heard.WaitAsync<Order>(1);
        await station.DisposeAsync();

        Assert.NotEmpty(station.Heard.Lines);
        Assert.DoesNotContain(
            station.Heard.Lines,
            line => line.Contains(Options.RabbitMq!.Password, StringComparison.Ordinal)
        );
    }
}
