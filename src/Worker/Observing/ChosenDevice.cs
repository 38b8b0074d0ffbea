using FaceFusion.Batch.Faces.Devices;

namespace FaceFusion.Batch.Worker.Observing;

/// <summary>What a worker says of the device that its models run on. Unknown until the first work has opened it.</summary>
public sealed class ChosenDevice
{
    private volatile InferenceDevice? _device;

    /// <summary>Null: no model was asked for yet.</summary>
    public string? Description => _device is { } device ? $"{device.Plan.Attempts[^1]}" : null;

    /// <summary>The device, and the models that it does not run, or not wholly, for another reason than that they never leave the CPU.</summary>
    public static string Describe(InferenceDevice device)
    {
        string own = $"{device.Plan.Device}";
        string[] elsewhere =
        [
            .. device
                .Places.Values.Where(place => place.IsFallback || (place.Device == own && place.Note is not null))
                .Select(place => $"{place}"),
        ];
        string chosen = $"{device.Plan.Attempts[^1]}";
        return elsewhere.Length == 0 ? chosen : $"{chosen}; {string.Join("; ", elsewhere)}";
    }

    public InferenceDevice Set(InferenceDevice device)
    {
        _device = device;
        return device;
    }
}
