using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>What a collector is told of a job that several processes worked on.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Job_OfSeveralProcesses_IsOneTraceFromTheRequestToFfmpegAndBack()
    {
        using TestFolder folder = new();
        string clip = folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-t", "2", "-c", "copy");
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        string trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        await using (FleetProcesses fleet = await FleetProcesses.StartAsync(2, ("FFB_OTLP", collector.Url)))
        {
            // For its uploads, which have traces of their own.
            FfbResult plan = await fleet.AskAsync(
                "submit",
                "--source",
                Clips.Portrait,
                "--target",
                clip,
                "--watch",
                "--chunk-frames",
                "17",
                "--quiet"
            );
            Assert.True(plan.Exit == 0, plan.Error);
            using HttpClient http = new() { BaseAddress = fleet.Server };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                (await fleet.KeyAsync()).Trim()
            );
            JsonElement first = (await http.GetFromJsonAsync<JsonElement>("/v1/jobs", Stop)).GetProperty("jobs")[0];
            JsonElement source = (await http.GetFromJsonAsync<JsonElement>("/v1/sources", Stop)).GetProperty("sources")[
                0
            ];
            using HttpRequestMessage ask = new(HttpMethod.Post, "/v1/jobs")
            {
                Content = JsonContent.Create(
                    new
                    {
                        target = first.GetProperty("target"),
                        sources = new[] { source.GetProperty("id") },
                        recipe = first.GetProperty("recipe"),
                        chunkFrames = 17,
                    }
                ),
            };
            // The caller's own trace goes on in the fleet.
            ask.Headers.Add("traceparent", $"00-{trace}-00000000000000aa-01");
            using HttpResponseMessage made = await http.SendAsync(ask, Stop);
            Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Stop));
            string id = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString()!;
            FfbResult watched = await fleet.AskAsync("jobs", "watch", id);
            Assert.True(watched.Exit == 0, watched.Error);
        }

        // The processes have ended, so all is sent.
        Span[] own = [.. collector.Spans.Where(span => span.Trace == trace)];
        Draw(own);
        HashSet<string> ids = [.. own.Select(span => span.Id), "00000000000000aa"];
        Assert.All(own, span => Assert.Contains(span.Parent, ids));
        Assert.Equal(["ffb-coordinator", "ffb-worker"], own.Select(span => span.Service).Distinct().Order());
        Assert.Equal(
            (1, 1, 3, 3, 3, 3),
            (
                Count("ffb-coordinator", "POST /v1/jobs"),
                Count("ffb-worker", "scan video"),
                Count("ffb-worker", "fuse chunk"),
                Count("ffb-worker", "ffmpeg decode", above: "fuse chunk"),
                Count("ffb-worker", "ffmpeg encode", above: "fuse chunk"),
                Count("ffb-coordinator", "commit chunk")
            )
        );
        Assert.True(Count("ffb-coordinator", "ffprobe list packets") > 0);
        Assert.True(Count("ffb-coordinator", "ffmpeg join") > 0);
        // The client's own request, which brought no trace, began one.
        Assert.Contains(collector.Spans, span => span.Name == "fuse chunk" && span.Trace != trace);
        // Polls and signs of life begin none.
        Assert.DoesNotContain(collector.Spans, span => span.Name.Contains("WorkerReported", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Spans, span => span.Name.StartsWith("GET", StringComparison.Ordinal));
        Assert.Equal("ffb-worker", collector.Metrics["ffb_worker_frames_total"]);
        Assert.Equal("ffb-coordinator", collector.Metrics["ffb_frames_committed_total"]);

        int Count(string service, string name, string? above = null) =>
            own.Count(span =>
                span.Service == service
                && span.Name == name
                && (above is null || own.Any(parent => parent.Id == span.Parent && parent.Name == above))
            );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private void Draw(Span[] spans)
    {
        ulong begin = spans.Length == 0 ? 0 : spans.Min(span => span.Start);
        DrawBelow("00000000000000aa", 0);

        void DrawBelow(string parent, int depth)
        {
            foreach (Span span in spans.Where(s => s.Parent == parent).OrderBy(s => s.Start))
            {
                string name = new string(' ', 2 * depth) + span.Name;
                output.WriteLine(
                    $"{(span.Start - begin) / 1e6, 8:F0} ms {(span.End - span.Start) / 1e6, 7:F0} ms  {span.Service, -16} {name}"
                );
                DrawBelow(span.Id, depth + 1);
            }
        }
    }
}
