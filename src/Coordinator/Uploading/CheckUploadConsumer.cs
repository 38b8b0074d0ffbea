using FaceFusion.Batch.Contracts.Commands;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Uploading;

/// <summary>Orders to check to <see cref="UploadCheck"/>.</summary>
public sealed class CheckUploadConsumer(UploadCheck check) : IConsumer<CheckUpload>
{
    public Task Consume(ConsumeContext<CheckUpload> context) =>
        check.RunAsync(context.Message, context.CancellationToken);
}
