using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Events;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>What has happened to a job, and what happens.</summary>
internal sealed class JobEvents(ApiConnection connection)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may be away, after it has been there, before it is taken for gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ApiEvent>> ListAsync(string job, CancellationToken stop)
    {
        List<ApiEvent> events = [];
        string? token = null;
        do
        {
            string query = $"pageSize={PageSize}" + (token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}");
            ApiEventList page = await connection.AskAsync<ApiEventList>(ApiCall.Get($"{PathOf(job)}?{query}"), stop);
            events.AddRange(page.Events);
            token = page.NextPageToken;
        } while (token is not null);

        return events;
    }

    /// <summary>Tells each event once, and returns when the job has ended and all is told. A stream that breaks off is taken up again.</summary>
    /// <exception cref="ApiCallException">The first answer was a refusal, or the server stayed away.</exception>
    public async Task FollowAsync(string job, Func<ApiEvent, Task> tell, CancellationToken stop)
    {
        int last = 0;
        bool wasThere = false;
        long lastAnswer = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                ApiCall call = ApiCall.Get(PathOf(job)).With("Accept", "text/event-stream");
                using HttpResponseMessage answer = await connection.SendAsync(
                    last > 0 ? call.With("Last-Event-ID", $"{last}") : call,
                    stop
                );
                wasThere = true;
                lastAnswer = TimeProvider.System.GetTimestamp();
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    return;
                }

                await using Stream body = await answer.Content.ReadAsStreamAsync(stop);
                await foreach (SseItem<string> sent in SseParser.Create(body).EnumerateAsync(stop))
                {
                    if (sent.EventType == "reset")
                    {
                        last = 0;
                        continue;
                    }

                    ApiEvent read = JsonSerializer.Deserialize<ApiEvent>(sent.Data, ClientJson.Options)!;
                    if (read.Id > last)
                    {
                        last = read.Id;
                        await tell(read);
                    }
                }

                // Asked again behind the last event of an ended job, the server says that there is no more; behind none it cannot.
                if (last == 0 && JobWatch.HasEnded((await new FleetJobs(connection).GetAsync(job, stop)).State))
                {
                    return;
                }
            }
            catch (ApiCallException e) when (e.Exit == ExitCode.Unavailable && wasThere && IsPatient(lastAnswer))
            {
                // It may be starting again.
            }
            catch (Exception e) when (e is IOException or HttpRequestException && IsPatient(lastAnswer))
            {
                // The stream broke off; what was told is known by its number.
            }

            await Task.Delay(Pause, stop);
        }
    }

    private static string PathOf(string job) => $"{FleetJobs.PathOf(job)}/events";

    private static bool IsPatient(long since) => TimeProvider.System.GetElapsedTime(since) < Patience;
}
