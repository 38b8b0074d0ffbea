using MassTransit;

namespace FaceFusion.Batch.Coordinator.Uploading;

/// <summary>Two at a time: a check hashes and probes, and must not starve what else the process does.</summary>
public sealed class CheckUploadConsumerDefinition : ConsumerDefinition<CheckUploadConsumer>
{
    public CheckUploadConsumerDefinition() => ConcurrentMessageLimit = 2;
}
