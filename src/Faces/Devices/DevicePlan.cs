using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>Which device the networks of a process run on, and what came of each that was preferred to it.</summary>
public sealed record DevicePlan
{
    private DevicePlan(DeviceChoice choice, IReadOnlyList<ProviderAttempt> attempts)
    {
        Choice = choice;
        Attempts = attempts;
        Device = attempts[^1].Device;
    }

    public DeviceChoice Choice { get; }

    /// <summary>In the order of the choice; the last one is the device that is used.</summary>
    public IReadOnlyList<ProviderAttempt> Attempts { get; }

    /// <summary>The device that is used.</summary>
    public DeviceWish Device { get; }

    /// <summary>Another device was preferred.</summary>
    public bool IsFallback => Attempts.Count > 1;

    /// <summary>What may be tried for a network that the device refuses: it, and the wishes behind it.</summary>
    internal IEnumerable<DeviceWish> Candidates => Choice.Wishes.Skip(Attempts.Count - 1);

    /// <summary>Asks for each device in turn until one works: a real load and a real run each.</summary>
    /// <exception cref="ModelException"><c>device-missing</c>: none does.</exception>
    public static DevicePlan Make(DeviceChoice choice, ProviderOptions options)
    {
        List<ProviderAttempt> attempts = [];
        foreach (DeviceWish wish in choice.Wishes)
        {
            attempts.Add(ProviderRoutes.Try(wish, options));
            if (attempts[^1].Outcome == AttemptOutcome.Used)
            {
                return new DevicePlan(choice, attempts);
            }
        }

        ProviderAttempt first = attempts[0];
        string others = string.Concat(attempts.Skip(1).Select(a => $"; nor {a}"));
        string advice = first.Advice is null ? "" : $"{first.Advice}, or ";
        throw new ModelException(
            "device-missing",
            $"The device {first.Device} cannot be used: {first.Note}{others}. To go on, {advice}allow another device "
                + $"(--device {choice},{Provider.Cpu.Name})."
        );
    }

    /// <summary>One line without a full stop: the device, and why no preferred one.</summary>
    public override string ToString() =>
        string.Concat(
            Attempts[^1],
            IsFallback ? $" (asked for {Choice}; not {string.Join("; not ", Attempts.SkipLast(1))})" : ""
        );
}
