namespace FaceFusion.Batch.Faces.Devices;

/// <summary>What came of asking for a device.</summary>
public enum AttemptOutcome
{
    /// <summary>A small network was loaded on it and ran.</summary>
    Used,

    /// <summary>The runtime was built without its provider, and no plugin for it was found.</summary>
    NotInBuild,

    /// <summary>The provider is there, but a library that it needs is not.</summary>
    LibraryMissing,

    /// <summary>The provider works, but the machine has no such device.</summary>
    NoSuchDevice,

    /// <summary>Anything else that the runtime said.</summary>
    Failed,
}

/// <summary>One device that was asked for, and what came of it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Note">Used: which device that is. Otherwise the cause, as half a sentence without a full stop.</param>
/// <param name="Advice">What brings the device; null where it is used, or nothing is known.</param>
public sealed record ProviderAttempt(DeviceWish Device, AttemptOutcome Outcome, string Note, string? Advice = null)
{
    public override string ToString() => Note.Length == 0 ? $"{Device}" : $"{Device}: {Note}";
}
