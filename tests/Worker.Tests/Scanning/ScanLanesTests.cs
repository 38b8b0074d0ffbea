using System.Text.Json;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.Worker.Scanning;
using FaceFusion.Batch.Worker.Tests.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Scanning;

public sealed class ScanLanesTests : IDisposable
{
    private const int Looks = 40;

    private static readonly MediaTools Tools = MediaTools.Locate();
    private readonly ProbedVideo _video = new VideoProbe(Tools).Read(Clip.Talking);
    private readonly FrameTable _table;
    private readonly FaceModels _models = FaceModels.Load(Path.Combine(Footage.SolutionFolder(), "models"));

    public ScanLanesTests() => _table = new FrameTableBuilder(Tools).Build(Clip.Talking, _video).Table;

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Run_OnManyThreads_SeesTheSame()
    {
        (string expected, byte[] sheet) = Scan(lanes: 1);
        (string found, byte[] again) = Scan(lanes: 8);
        Assert.Equal(expected, found);
        Assert.Equal(sheet, again);
        Assert.Contains($"\"framesScanned\":{Looks}", expected);
    }

    [Fact]
    public void Run_ALaneFails_EndsAllAndSaysWhy()
    {
        const int Lanes = 4;
        int taken = 0;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            Scan(
                Lanes,
                () =>
                {
                    if (++taken == 12)
                    {
                        throw new InvalidOperationException("the twelfth");
                    }
                }
            )
        );
        Assert.Equal("the twelfth", failure.Message);
        // Another lane may have begun to read before it knew.
        Assert.InRange(taken, 12, 12 + Lanes - 1);
    }

    private (string People, byte[] Sheet) Scan(int lanes, Action? onRead = null)
    {
        using FrameReader reader = new(Tools, Clip.Talking, _video.Format, _table, new FrameRange(0, Looks));
        PeopleScan people = new();
        List<int> told = [];
        new ScanLanes(
            lanes,
            people,
            FrameFormats.Of(_video.Format),
            () => new FrameAnalyser(_models),
            frame =>
            {
                onRead?.Invoke();
                return reader.Read(frame, CancellationToken.None);
            },
            told.Add
        ).Run(CancellationToken.None);
        Assert.Equal(told.Order(), told);
        ScanResult result = people.Resolve(new FaceSelection(), []);
        return (
            JsonSerializer.Serialize(result, JsonSerializerOptions.Web),
            people.ContactSheet(result, _table.SecondsAt)
        );
    }
}
