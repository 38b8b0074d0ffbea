using FaceFusion.Batch.Coordinator.Api.Problems;

namespace FaceFusion.Batch.Coordinator.Api.Events;

/// <summary>Counts the streams and the polls that are held open in this process: each holds a connection and looks into the database.</summary>
internal sealed class OpenStreams(ApiOptions options)
{
    private readonly Dictionary<string, int> _open = [];
    private int _all;

    /// <summary>A place for one more; disposed when its stream has ended.</summary>
    /// <exception cref="ProblemException">429: there are as many as may be.</exception>
    public IDisposable Open(string tenant) =>
        TryOpen(tenant)
        ?? throw new ProblemException(ProblemKind.TooMany, "Close a stream, or poll the list of events.")
        {
            RetryAfter = 5,
        };

    /// <summary>The same; null: there are as many as may be.</summary>
    public IDisposable? TryOpen(string tenant)
    {
        lock (_open)
        {
            int own = _open.GetValueOrDefault(tenant);
            if (own >= options.StreamsPerTenant || _all >= options.Streams)
            {
                return null;
            }

            _open[tenant] = own + 1;
            _all++;
        }

        return new Place(this, tenant);
    }

    private void Close(string tenant)
    {
        lock (_open)
        {
            _all--;
            if (--_open[tenant] == 0)
            {
                _ = _open.Remove(tenant);
            }
        }
    }

    private sealed class Place(OpenStreams streams, string tenant) : IDisposable
    {
        public void Dispose() => streams.Close(tenant);
    }
}
