using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>
/// Each hard source through the whole fleet: uploaded, cut into chunks, recoded by whichever worker, joined and downloaded, with every
/// displayed frame once, in order, at its own time, and the sound byte-equal and unmoved.
/// </summary>
public sealed class FleetExactnessTests(FleetExactnessTests.AllJobs jobs) : IClassFixture<FleetExactnessTests.AllJobs>
{
    private static readonly MediaTools Tools = MediaTools.Locate();

    /// <summary>All of them where <c>./test.sh exact</c> asks for it; else those of each kind that have gone wrong before.</summary>
    public static TheoryData<string> Names() =>
        Environment.GetEnvironmentVariable("FFB_ALL_SOURCES") == "1"
            ? [.. HardSources.All.Select(recipe => recipe.Name)]
            :
            [
                "h264-open-gop",
                "hevc-hdr10",
                "vp9-webm",
                "h264-ts-cut-mid-gop",
                "mpeg2-program-stream",
                "vfr-mp4",
                "many-streams",
            ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Redact_AHardSource_KeepsEveryFrameAndTimestamp(string name)
    {
        string result = await jobs.DownloadAsync(name);

        PreparedSource source = PreparedSource.Of(Tools, name);
        Assert.Null(source.FindDifference(PreparedSource.Prepare(Tools, result)));
        if (HardSources.Recipe(name).CutStart == 0)
        {
            // A transport stream that was cut begins with half a packet of sound, which no other container takes.
            ClipRecipe recipe = HardSources.Recipe(name);
            bool isStream = recipe.Extension == ".ts" && recipe.Audio.Contains("aac");
            Assert.Equal(VideoFacts.AudioHash(source.Path, isStream), VideoFacts.AudioHash(result));
        }
    }

    /// <summary>All of them at once, as a user would: the workers share what there is.</summary>
    public sealed class AllJobs : IAsyncLifetime
    {
        private readonly TestFolder _folder = new();
        private readonly Dictionary<string, string> _jobs = [];
        private FleetProcesses? _fleet;

        public async ValueTask InitializeAsync()
        {
            _fleet = await FleetProcesses.StartAsync(workers: 2);
            string recipe = _folder["recipe.json"];
            await File.WriteAllTextAsync(
                recipe,
                """{"processors":[{"processor":"redact"}],"encode":{"preset":"ultrafast"}}"""
            );
            foreach (string clip in Names().Select(row => row.Data))
            {
                FfbResult submitted = await _fleet.AskAsync([
                    .. (string[])["submit", "--target", HardSources.Path(clip), "--recipe", recipe],
                    .. (string[])["--chunk-frames", "61", "--label", $"clip={clip}"],
                ]);
                Assert.True(submitted.Exit == 0, submitted.Error);
                _jobs[clip] = submitted.Output.Trim();
            }
        }

        /// <summary>Waits for the job; the result, from the fleet's own store.</summary>
        public async Task<string> DownloadAsync(string name)
        {
            string result = _folder[name + HardSources.Recipe(name).ResultExtension];
            FfbResult watched = await _fleet!.AskAsync("jobs", "watch", _jobs[name]);
            Assert.True(watched.Exit == 0, watched.Output + watched.Error);
            FfbResult fetched = await _fleet.AskAsync("jobs", "download", _jobs[name], "--output", result);
            Assert.True(fetched.Exit == 0, fetched.Error);
            return result;
        }

        public async ValueTask DisposeAsync()
        {
            if (_fleet is not null)
            {
                await _fleet.DisposeAsync();
            }

            _folder.Dispose();
        }
    }
}
