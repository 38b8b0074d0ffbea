using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace FaceFusion.Batch.Hosting.Metrics;

/// <summary>
/// What the meters of this process have counted, as a page for Prometheus (text format 0.0.4). Counters and histograms are summed from
/// the page's making on; observed instruments are asked at each <see cref="Write"/>.
/// </summary>
public sealed class PrometheusPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _families = new();

    /// <param name="meters">Only these are heard: other hosts in the process have their own.</param>
    public PrometheusPage(IEnumerable<Meter> meters)
    {
        HashSet<Meter> own = [.. meters];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (own.Contains(instrument.Meter))
            {
                _ = _families.TryAdd(instrument, new());
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    /// <summary>The page as it is now.</summary>
    public string Write()
    {
        foreach ((Instrument instrument, ConcurrentDictionary<string, Series> series) in _families)
        {
            if (instrument.IsObservable)
            {
                // What is not observed any more is not there any more.
                series.Clear();
            }
        }

        _listener.RecordObservableInstruments();
        StringBuilder page = new();
        foreach (
            (Instrument instrument, ConcurrentDictionary<string, Series> all) in _families.OrderBy(
                f => f.Key.Name,
                StringComparer.Ordinal
            )
        )
        {
            _ = page.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name} {instrument.Description}\n");
            _ = page.Append(CultureInfo.InvariantCulture, $"# TYPE {instrument.Name} {KindOf(instrument)}\n");
            foreach ((string labels, Series series) in all.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                series.Write(page, instrument.Name, labels);
            }
        }

        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Series series = _families[instrument].GetOrAdd(LabelsOf(tags), _ => new Series(BoundsOf(instrument)));
        series.Take(value, isSum: !instrument.IsObservable && KindOf(instrument) != "gauge");
    }

    private static string KindOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> or Histogram<long> or Histogram<int> => "histogram",
            Counter<double> or Counter<long> or Counter<int> => "counter",
            _ => "gauge",
        };

    private static IReadOnlyList<double>? BoundsOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> seconds => seconds.Advice?.HistogramBucketBoundaries ?? [],
            Histogram<long> counts => counts.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray() ?? [],
            Histogram<int> counts => counts.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray() ?? [],
            _ => null,
        };

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        List<string> labels = [];
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            string escaped = value
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            labels.Add($"{tag.Key}=\"{escaped}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    /// <summary>One name with one set of labels.</summary>
    private sealed class Series(IReadOnlyList<double>? bounds)
    {
        private readonly Lock _guard = new();
        private readonly long[] _buckets = new long[bounds?.Count ?? 0];
        private double _value;
        private long _count;

        public void Take(double value, bool isSum)
        {
            lock (_guard)
            {
                _value = isSum ? _value + value : value;
                _count++;
                for (int i = 0; i < _buckets.Length; i++)
                {
                    _buckets[i] += value <= bounds![i] ? 1 : 0;
                }
            }
        }

        public void Write(StringBuilder page, string name, string labels)
        {
            lock (_guard)
            {
                string braces = labels.Length == 0 ? "" : $"{{{labels}}}";
                if (bounds is null)
                {
                    _ = page.Append(CultureInfo.InvariantCulture, $"{name}{braces} {_value:R}\n");
                    return;
                }

                string before = labels.Length == 0 ? "" : labels + ",";
                for (int i = 0; i < _buckets.Length; i++)
                {
                    _ = page.Append(
                        CultureInfo.InvariantCulture,
                        $"{name}_bucket{{{before}le=\"{bounds[i]:R}\"}} {_buckets[i]}\n"
                    );
                }

                _ = page.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"+Inf\"}} {_count}\n")
                    .Append(CultureInfo.InvariantCulture, $"{name}_sum{braces} {_value:R}\n")
                    .Append(CultureInfo.InvariantCulture, $"{name}_count{braces} {_count}\n");
            }
        }
    }
}
