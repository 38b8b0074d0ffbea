using System.Net.Http.Headers;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>docs/api.md: what a client and a running fleet say to each other.</summary>
public sealed class ApiPageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CommittedPage_HasTheExchangesOfARunningFleet()
    {
        string clip = _folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-t", "0.96", "-c", "copy");
        string keyFile = _folder["key"];
        string listen = $"127.0.0.1:{FreePort.Find()}";
        FfbResult made = await Ffb.RunAsync(
            "keys",
            "create",
            "--work",
            _folder["work"],
            "--scope",
            "admin",
            "--output",
            keyFile
        );
        Assert.True(made.Exit == 0, made.Error);
        string key = (await File.ReadAllTextAsync(keyFile, TestContext.Current.CancellationToken)).Trim();
        using HeardFfb up = new("up", "--work", _folder["work"], "--listen", listen, "--drain", "0");
        await up.UntilAsync("is ready");
        using HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{listen}"),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        ApiStory story = new(client);
        WriteHead(story);
        await BringingChapter.TellAsync(story, clip);
        await JobChapter.TellAsync(story);
        await ControlChapter.TellAsync(story);
        await BatchChapter.TellAsync(story);
        await WebhookChapter.TellAsync(story);
        await FleetChapter.TellAsync(story);
        await ProblemChapter.TellAsync(story);

        string page = story.Page.TrimEnd() + "\n";
        Assert.DoesNotContain(key.Split('_')[2], page, StringComparison.Ordinal);
        Assert.DoesNotContain(listen, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, page, StringComparison.Ordinal);
        CommittedPage.Check("docs/api.md", page, PageShape.Of);
    }

    private static void WriteHead(ApiStory story)
    {
        ApiOptions usual = new();
        story.Write(
            "# The HTTP API\n\nEvery request and answer on this page is from a run of the program (`eng/docs.sh` makes the page anew); "
                + "ids, times, hashes and tokens are replaced, and what is long is shown once. [openapi.json](openapi.json) describes every "
                + "operation, and a coordinator serves the same at `/openapi/v1.json`. [fleet.md](fleet.md) says how to run a fleet."
        );
        story.Write(
            "* **Keys.** `ffb keys create --tenant acme --scope jobs:read --scope jobs:write` makes one. It goes into the header field "
                + "`Authorization: Bearer ffb_…` of every request, which this page leaves out, and is taken from nowhere else. Scopes: "
                + "`jobs:read`, `jobs:write` (also uploads and sources), `webhooks`, `workers`, `admin` (all). A key sees its tenant's things alone.\n"
                + "* **JSON.** UTF-8, camelCase; enums in capitals, where clients take a value that they do not know for one that is not "
                + "the end; times as RFC 3339 in UTC. Unknown fields are refused in requests; pass over them in answers.\n"
                + "* **Ids** are opaque. **ETags** are versions; what changes or deletes a job needs one in `If-Match`.\n"
                + "* **Repeats.** `Idempotency-Key` on every POST that makes something: send the request again after a broken connection.\n"
                + $"* **Limits.** JSON bodies 1 MiB; targets {usual.MaxTargetBytes >> 30} GiB, photos {usual.MaxPhotoBytes >> 20} MiB, in "
                + $"blocks of {usual.BlockBytes >> 20} MiB within {usual.UploadHours} hours; pages of 500 rows; {usual.StreamsPerTenant} "
                + $"streams and held polls a tenant; `Prefer: wait` {usual.MaxWaitSeconds} seconds. Who sends slower than 500 bytes a "
                + "second is hung up on."
        );
    }
}
