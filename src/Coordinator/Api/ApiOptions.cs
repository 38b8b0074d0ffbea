using System.ComponentModel.DataAnnotations;
using System.Net;

namespace FaceFusion.Batch.Coordinator.Api;

/// <summary>What the HTTP API of a Coordinator is told at its start.</summary>
public sealed record ApiOptions
{
    /// <summary>Where it listens: an address and a port; port 0 is a free one. TLS ends before it. Default: http://127.0.0.1:8080.</summary>
    [Required]
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Largest target, in bytes. Default: 100 GiB.</summary>
    [Range(1, 1L << 42)]
    public long MaxTargetBytes { get; init; } = 100L << 30;

    /// <summary>Largest photo, in bytes. Default: 64 MiB.</summary>
    [Range(1, 1L << 32)]
    public long MaxPhotoBytes { get; init; } = 64L << 20;

    /// <summary>Largest manifest of a batch, in bytes. Default: 64 MiB.</summary>
    [Range(1, 1L << 30)]
    public long MaxManifestBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of a block of an upload. Default: 8 MiB.</summary>
    [Range(1, 64 << 20)]
    public int BlockBytes { get; init; } = 8 << 20;

    /// <summary>How long an upload takes blocks, in hours. Default: 24.</summary>
    [Range(1, 720)]
    public int UploadHours { get; init; } = 24;

    /// <summary>Streams of events and held polls that a tenant may have, in each process. Default: 100.</summary>
    [Range(1, 10_000)]
    public int StreamsPerTenant { get; init; } = 100;

    /// <summary>Streams of events and held polls that all tenants may have, in each process. Default: 2000.</summary>
    [Range(1, 10_000)]
    public int Streams { get; init; } = 2000;

    /// <summary>Webhooks that a tenant may have. Default: 20.</summary>
    [Range(1, 1000)]
    public int WebhooksPerTenant { get; init; } = 20;

    /// <summary>Secrets that may sign one webhook at a time. Default: 5.</summary>
    [Range(2, 20)]
    public int SecretsPerWebhook { get; init; } = 5;

    /// <summary>
    /// Networks that webhooks may lead into beside public addresses, there by http too. Whoever has a key with the scope
    /// <c>webhooks</c> can have requests sent to them. Default: none.
    /// </summary>
    public IReadOnlyList<IPNetwork> WebhookNetworks { get; init; } = [];

    /// <summary>Longest that <c>Prefer: wait</c> holds an answer back, in seconds. Default: 60.</summary>
    [Range(0, 600)]
    public int MaxWaitSeconds { get; init; } = 60;
}
