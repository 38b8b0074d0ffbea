using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Hosting.Tests;

public sealed class RabbitMqOptionsTests
{
    [Fact]
    public void Parse_ReadsEveryPart_AndLeavesDefaultsForTheRest()
    {
        RabbitMqOptions all = RabbitMqOptions.Parse("amqps://me:p%40ss%3Aword@broker:5699/my%2Fhost");
        Assert.Equal(
            ("broker", 5699, "my/host", "me", "p@ss:word", true),
            (all.Host, all.Port, all.VirtualHost, all.User, all.Password, all.UseTls)
        );
        Assert.Equal(new RabbitMqOptions { Host = "broker" }, RabbitMqOptions.Parse("amqp://broker"));
        Assert.Equal(new RabbitMqOptions { Host = "broker" }, RabbitMqOptions.Parse("amqp://broker/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("broker:5672")]
    [InlineData("http://me:SECRET@broker")]
    public void Parse_AnythingElse_IsRefusedWithoutQuotingIt(string address)
    {
        ValidationException refused = Assert.Throws<ValidationException>(() => RabbitMqOptions.Parse(address));

        Assert.DoesNotContain("SECRET", refused.ToString());
    }

    [Fact]
    public void Options_PrintedAreWithoutThePassword()
    {
        BusOptions options = new() { RabbitMq = RabbitMqOptions.Parse("amqp://me:SECRET@broker") };

        Assert.DoesNotContain("SECRET", options.ToString());
        Assert.Contains("me@broker", options.ToString());
    }

    [Fact]
    public void AddBus_OptionOutOfItsRange_IsRefused() =>
        Assert.Throws<ValidationException>(() =>
            new ServiceCollection().AddBus(new BusOptions { RabbitMq = new RabbitMqOptions { DeliveryLimit = 0 } })
        );
}
