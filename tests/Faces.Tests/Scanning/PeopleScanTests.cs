using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Scanning;

public sealed class PeopleScanTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);

    public void Dispose() => _analyser.Dispose();

    [Fact]
    public void Resolve_FourPeopleInThreeScenes_TellsThemApart()
    {
        PeopleScan scan = Scan(TestClip.Scenes, 4);

        ScanResult result = scan.Resolve(new FaceSelection { Mode = SelectionMode.All }, ["me"]);

        Assert.Equal([1, 2, 3, 4], result.People.Select(person => person.Number));
        Assert.Empty(result.Warnings);
        Assert.Contains(result.People, person => person.Seen is { Start: 0, End: 57 });
        Assert.Contains(result.People, person => person.Seen is { Start: >= 120, End: 157 });
        Assert.Equal(2, result.People.Count(person => person.Seen is { Start: >= 60, End: <= 120 }));
        Assert.Equal(
            result.People.OrderByDescending(person => person.Size * person.Sightings).Select(person => person.Number),
            result.People.Select(person => person.Number)
        );
        byte[] sheet = scan.ContactSheet(result, frame => frame / 25.0);
        Assert.Equal("PNG"u8, sheet.AsSpan(1, 3));
    }

    [Fact]
    public void Resolve_NoFace_WarnsAndGivesNobody()
    {
        var scan = new PeopleScan();
        scan.Add(new FrameScan(_analyser).Look(TestClip.Photo("scream_crop.jpg")));

        ScanResult result = scan.Resolve(new FaceSelection(), ["me"]);

        Assert.Empty(result.People);
        Assert.Contains("No face", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.NotEmpty(scan.ContactSheet(result, _ => 0));
    }

    private PeopleScan Scan(TestClip clip, int step)
    {
        var look = new FrameScan(_analyser);
        var scan = new PeopleScan();
        using var pool = new FramePool(clip.Format, 1);
        Frame frame = pool.Rent(CancellationToken.None);
        for (int i = 0; i < clip.Count; i += step)
        {
            clip.Load(i, frame);
            scan.Add(look.Look(frame));
        }

        pool.Return(frame);
        return scan;
    }
}
