namespace FaceFusion.Batch.Contracts.Api.Webhooks;

/// <summary>Asks for an address to be told of events.</summary>
public sealed record CreateWebhook
{
    /// <summary>https, to a public address, without a user in it; up to 2048 characters.</summary>
    public required string Url { get; init; }

    /// <summary>Of <c>job.state_changed</c>, <c>job.completed</c>, <c>batch.completed</c>; at least one.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>For people, up to 255 characters. Default: none.</summary>
    public string? Label { get; init; }
}

/// <summary>Changes a webhook; what is left out stays.</summary>
public sealed record PatchWebhook
{
    /// <summary>What is on its way goes there too.</summary>
    public string? Url { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Empty: none.</summary>
    public string? Label { get; init; }

    /// <summary>False: what is on its way counts as failed. True: begin anew.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>Makes another secret.</summary>
public sealed record RotateSecret
{
    /// <summary>How long the secrets so far go on signing beside it, 0 to 24. Default: 24; 0 where one has leaked.</summary>
    public int KeepHours { get; init; } = 24;
}
