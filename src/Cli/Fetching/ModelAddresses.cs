using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Cli.Fetching;

/// <summary>Where models are fetched from: the catalogue's addresses, or the same paths on a mirror.</summary>
/// <param name="mirror">Its scheme, host and port stand for those of the catalogue; null: there is none.</param>
internal sealed class ModelAddresses(Uri? mirror)
{
    public static Setting Mirror { get; } =
        new(
            "--mirror",
            "FFB_MODEL_MIRROR",
            "URL",
            "Fetch from here instead of the catalogue's hosts, under the same paths: https://host[:port], or http on this machine"
        );

    /// <exception cref="InvalidRecipeException"><c>usage</c>: it is no such address.</exception>
    public static ModelAddresses Parse(string? mirror)
    {
        if (mirror is null)
        {
            return new ModelAddresses(null);
        }

        return
            Uri.TryCreate(mirror, UriKind.Absolute, out Uri? url)
            && MayAsk(url)
            && url is { AbsolutePath: "/", Query: "", UserInfo: "" }
            ? new ModelAddresses(url)
            : throw Setting.Wrong("--mirror must have the form https://host[:port]; http is for this machine alone.");
    }

    /// <summary>In the order in which to try. What is no address to fetch from is left out.</summary>
    public IReadOnlyList<Uri> Of(ModelCard card) => [.. card.Urls.Select(Find).OfType<Uri>().Distinct()];

    /// <summary>Over TLS; or on this machine, where nobody listens in between.</summary>
    public static bool MayAsk(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    /// <summary>Whether an answer of <paramref name="from"/> may send on to <paramref name="to"/>: never to less safety than was asked for.</summary>
    public static bool MayFollow(Uri from, Uri to) =>
        to.Scheme == Uri.UriSchemeHttps || (from.Scheme == Uri.UriSchemeHttp && MayAsk(to));

    private Uri? Find(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        return mirror is null ? url : new Uri(mirror, url.PathAndQuery);
    }
}
