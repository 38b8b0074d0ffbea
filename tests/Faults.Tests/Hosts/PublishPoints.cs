using MassTransit;

namespace FaceFusion.Batch.Faults.Tests.Hosts;

/// <summary>The moment before a message is sent: what it speaks of is stored or written, and nobody has been told.</summary>
internal sealed class PublishPoints(FaultSwitch faults) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        faults.Pass($"before-publish-{typeof(T).Name}");
        return Task.CompletedTask;
    }

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        faults.Pass($"after-publish-{typeof(T).Name}");
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
