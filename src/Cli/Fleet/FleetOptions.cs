using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Net;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Storage.Azure;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>
/// The options of the fleet's processes. Each can be given as a variable of the environment instead, which is where secrets
/// belong: other users of a machine can read a command line.
/// </summary>
internal static class FleetOptions
{
    public static Setting Postgres { get; } =
        new("--postgres", "FFB_POSTGRES", "CONNECTION", "The PostgreSQL database, as an Npgsql connection string");

    public static Setting RabbitMq { get; } =
        new("--rabbitmq", "FFB_RABBITMQ", "ADDRESS", "The broker: amqp[s]://user:password@host:port/virtual-host");

    public static Setting Blobs { get; } =
        new("--blobs", "FFB_BLOBS", "CONNECTION", "The blob store, as an Azure Storage connection string with a key");

    public static Setting Container { get; } =
        new("--container", "FFB_CONTAINER", "NAME", "Container of the blob store (default: ffb)");

    public static Setting BlobOrigin { get; } =
        new(
            "--blob-origin",
            "FFB_BLOB_ORIGIN",
            "URL",
            "Where the blob store is, such as https://account.blob.core.windows.net; orders that name another place are refused"
        );

    public static Setting Work { get; } =
        new("--work", "FFB_WORK", "DIR", "Folder for files on the way (default: ~/.local/share/ffb)");

    public static Setting Name { get; } =
        new("--name", "FFB_WORKER_NAME", "NAME", "What the worker is called (default: machine and process id)");

    public static Setting SlotCount { get; } =
        new("--slots", "FFB_SLOTS", "N", "Chunks worked on at a time (default: by cores and memory)");

    public static Setting Device { get; } = DeviceSetting();

    public static Setting Batch { get; } =
        new(
            "--batch",
            "FFB_BATCH",
            "N",
            "Runs of a network that are collected to one, 1 to 64; give all workers of a fleet the same (default: 1 on the CPU, elsewhere what is best, measured at the first start)"
        );

    public static Setting Drain { get; } =
        new(
            "--drain",
            "FFB_DRAIN",
            "SECONDS",
            "How long work in hand may go on after SIGTERM or Ctrl-C before others do it again (default: 30)"
        );

    public static Setting Heartbeat { get; } =
        new(
            "--heartbeat",
            "FFB_HEARTBEAT",
            "SECONDS",
            "How often workers say that they are alive; the same for the whole fleet (default: 5)"
        );

    public static Setting BuildGrace { get; } =
        new(
            "--build-grace",
            "FFB_BUILD_GRACE",
            "SECONDS",
            "How long no worker of the build that a job was begun with may have been heard of before another build does the job anew (default: 120)"
        );

    public static Setting Roles { get; } =
        new(
            "--roles",
            "FFB_ROLES",
            "api,media",
            "What this coordinator does beside keeping jobs going: api serves HTTP on --listen, media prepares and assembles (default: media, and api if --listen is given)"
        );

    public static Setting Listen { get; } =
        new("--listen", "FFB_LISTEN", "ADDRESS:PORT", "Where the HTTP API is served, such as 127.0.0.1:8080");

    public static Setting WorkerListen { get; } =
        new(
            "--listen",
            "FFB_WORKER_LISTEN",
            "ADDRESS:PORT",
            "Where /healthz, /readyz and /metrics are served, such as 127.0.0.1:9100 (default: nowhere)"
        );

    public static Setting Otlp { get; } =
        new(
            "--otlp",
            "FFB_OTLP",
            "URL",
            "A collector for traces and metrics, OTLP over HTTP, such as http://127.0.0.1:4318 (default: nothing is sent)"
        );

    public static Setting WebhookNetworks { get; } =
        new(
            "--webhook-networks",
            "FFB_WEBHOOK_NETWORKS",
            "10.1.0.0/16,…",
            "Networks that webhooks may lead into, also by http, beside public addresses by https (default: none)"
        );

    public static Setting Usage { get; } =
        new(
            "--usage",
            "FFB_USAGE",
            "USE,TENANT=USE,…",
            "What results are for, of all tenants or of one: commercial refuses models whose licences forbid it, non-commercial declares the other (default: jobs may say)"
        );

    public static Setting LogFormat { get; } =
        new("--log-format", "FFB_LOG_FORMAT", "text|json", "How log lines on stderr are written (default: text)");

    /// <exception cref="InvalidRecipeException">It names no device.</exception>
    public static DeviceChoice ReadDevice(ParseResult parsed) =>
        (Device.Read(parsed) is { } text ? DeviceChoice.Parse(text) : DeviceChoice.Auto).With(
            Batch.ReadCount(parsed, 1, DeviceChoice.MostBatch)
        );

    /// <summary>The database.</summary>
    public static PostgresOptions ReadPostgres(ParseResult parsed) =>
        new() { ConnectionString = Postgres.Require(parsed) };

    /// <exception cref="InvalidRecipeException">It is missing or has another form.</exception>
    public static RabbitMqOptions ReadRabbitMq(ParseResult parsed)
    {
        try
        {
            return RabbitMqOptions.Parse(RabbitMq.Require(parsed));
        }
        catch (ValidationException e)
        {
            throw Setting.Wrong(e.Message);
        }
    }

    public static AzureStoreOptions ReadBlobs(ParseResult parsed)
    {
        AzureStoreOptions named = new() { ConnectionString = Blobs.Require(parsed) };
        return Container.Read(parsed) is { } container ? named with { Container = container } : named;
    }

    /// <summary>Absolute; by default in the user's folder for such things, or, where a user has none, among the temporary files.</summary>
    public static string ReadWork(ParseResult parsed)
    {
        if (Work.Read(parsed) is { } named)
        {
            return Path.GetFullPath(named);
        }

        string own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(own.Length > 0 ? own : Path.GetTempPath(), "ffb");
    }

    public static double ReadDrain(ParseResult parsed) => Drain.ReadNumber(parsed, 0, 3600) ?? 30;

    public static bool IsLogJson(ParseResult parsed) =>
        LogFormat.Read(parsed) switch
        {
            null or "text" => false,
            "json" => true,
            _ => throw Setting.Wrong("--log-format must be text or json."),
        };

    /// <summary>Where the API is served (null: it is not), and whether media work is done.</summary>
    /// <exception cref="InvalidRecipeException">A role is none, or <c>api</c> has no place to listen.</exception>
    public static (ApiOptions? Api, bool Media) ReadRoles(ParseResult parsed)
    {
        string? listen = Listen.Read(parsed);
        string[] roles =
            Roles.Read(parsed)?.Split(',', StringSplitOptions.TrimEntries)
            ?? (listen is null ? ["media"] : ["api", "media"]);
        if (roles.FirstOrDefault(role => role is not ("api" or "media")) is { } wrong)
        {
            throw Setting.Wrong($"--roles {wrong}: there are api and media.");
        }

        bool isApi = roles.Contains("api");
        ApiOptions? api = isApi
            ? ApiAt(listen ?? Listen.Require(parsed)) with
            {
                WebhookNetworks = ReadNetworks(parsed),
            }
            : null;
        return (api, roles.Contains("media"));
    }

    /// <exception cref="InvalidRecipeException">One is none.</exception>
    private static List<IPNetwork> ReadNetworks(ParseResult parsed)
    {
        List<IPNetwork> networks = [];
        foreach (string text in WebhookNetworks.Read(parsed)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            networks.Add(
                IPNetwork.TryParse(text, out IPNetwork network)
                    ? network
                    : throw Setting.Wrong($"--webhook-networks {text} is no network such as 10.1.0.0/16 or fd12::/16.")
            );
        }

        return networks;
    }

    /// <summary>Null: nothing is sent.</summary>
    /// <exception cref="InvalidRecipeException">It is no address of the form.</exception>
    public static TelemetryOptions? ReadTelemetry(ParseResult parsed, string service, string instance) =>
        Otlp.Read(parsed) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && url is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", UserInfo: "" }
            ? new TelemetryOptions
            {
                Collector = url,
                Service = service,
                Instance = instance,
            }
        : throw Setting.Wrong("--otlp must have the form http[s]://host[:port].");

    /// <exception cref="InvalidRecipeException">It is no such place.</exception>
    public static string ToUrl(string listen) =>
        Uri.TryCreate($"http://{listen}", UriKind.Absolute, out Uri? url) && url.AbsolutePath == "/"
            ? $"http://{listen}"
            : throw Setting.Wrong($"--listen {listen} must have the form ADDRESS:PORT.");

    private static Setting DeviceSetting()
    {
        Setting device = new(
            "--device",
            "FFB_DEVICE",
            string.Join('|', DeviceChoice.Names),
            "Where models run; several, such as cuda,cpu, are tried in that order, and what is not named is not used (default: auto)"
        );
        device.Option.CompletionSources.Add("auto");
        device.Option.CompletionSources.Add([.. Provider.All.Select(provider => provider.Name)]);
        return device;
    }

    private static ApiOptions ApiAt(string listen) => new() { Url = ToUrl(listen) };
}
