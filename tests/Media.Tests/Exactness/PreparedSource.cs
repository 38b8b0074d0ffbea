using System.Collections.Concurrent;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Exactness;

/// <summary>What every chunk length of one source shares: probe, table, and the numbers drawn in its frames.</summary>
internal sealed record PreparedSource(string Path, ProbedVideo Video, BuiltFrameTable Built, IReadOnlyList<int> Numbers)
{
    private static readonly ConcurrentDictionary<string, Lazy<PreparedSource>> Known = new();

    public FrameTable Table => Built.Table;

    public static PreparedSource Of(MediaTools tools, string name) =>
        Known.GetOrAdd(name, n => new Lazy<PreparedSource>(() => Prepare(tools, HardSources.Path(n)))).Value;

    public static PreparedSource Prepare(MediaTools tools, string path)
    {
        ProbedVideo video = new VideoProbe(tools).Read(path);
        BuiltFrameTable built = new FrameTableBuilder(tools).Build(path, video);
        return new PreparedSource(path, video, built, RoundTrip.ReadNumbers(tools, path, video, built.Table));
    }
}
