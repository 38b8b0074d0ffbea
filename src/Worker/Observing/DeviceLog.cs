using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Worker.Pipeline;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Worker.Observing;

/// <summary>Chooses the device of a worker's models and says what came of it: a fallback is a warning, and never silent.</summary>
internal static partial class DeviceLog
{
    /// <exception cref="Contracts.Errors.ModelException"><c>device-missing</c>.</exception>
    public static InferenceDevice Open(WorkerOptions options, MediaTools tools, ILogger logger)
    {
        DeviceChoice choice = options.Device;
        InferenceDevice device = InferenceDevice.Open(choice);
        DevicePlan plan = device.Plan;
        foreach (ProviderAttempt attempt in plan.Attempts.SkipLast(1))
        {
            // What nobody asked for by name is no warning: auto looks for what is there.
            LogPassedOver(logger, choice.IsAuto ? LogLevel.Information : LogLevel.Warning, attempt);
        }

        LogChosen(logger, plan.Attempts[^1], choice);
        LogDecoding(logger, DecodingChoice.Make(tools, plan));
        LogEncoding(logger, EncodingChoice.Make(tools, plan, options.Slots));
        device.OnPlaced = place => LogPlaced(logger, place.IsFallback ? LogLevel.Warning : LogLevel.Debug, place);
        return device;
    }

    [LoggerMessage(EventIds.DeviceChosen, LogLevel.Information, "Models run on {Device} (asked for {Choice})")]
    private static partial void LogChosen(ILogger logger, ProviderAttempt device, DeviceChoice choice);

    [LoggerMessage(EventIds.DecoderChosen, LogLevel.Information, "Frames are decoded by {Decoder}")]
    private static partial void LogDecoding(ILogger logger, string decoder);

    [LoggerMessage(EventIds.EncoderChosen, LogLevel.Information, "Frames are encoded by {Encoder}")]
    private static partial void LogEncoding(ILogger logger, string encoder);

    [LoggerMessage(EventId = EventIds.DevicePassedOver, Message = "A preferred device is not used, {Attempt}")]
    private static partial void LogPassedOver(ILogger logger, LogLevel level, ProviderAttempt attempt);

    [LoggerMessage(EventId = EventIds.ModelPlaced, Message = "Model {Place}")]
    private static partial void LogPlaced(ILogger logger, LogLevel level, ModelPlace place);
}
