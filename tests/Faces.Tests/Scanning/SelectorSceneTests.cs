using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Scanning;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Scanning;

/// <summary>People that were made up: each has an axis of the embeddings to itself.</summary>
public sealed class SelectorSceneTests
{
    private static readonly FaceAttributes Woman = new(Gender.Female, Race.Asian, new AgeRange(20, 29));
    private static readonly FaceAttributes Man = new(Gender.Male, Race.Black, new AgeRange(60, 69));

    [Fact]
    public void Resolve_SightingsThatDiffer_TakesThePersonForWhatMostOfTheBestShow()
    {
        PeopleScan scan = new();
        for (int frame = 0; frame < 40; frame++)
        {
            // 15 good sightings are asked: 8 women of twenty, 7 men of sixty. The rest is blurred, and all men.
            bool isGood = frame % 2 == 0 && frame < 30;
            FaceAttributes seen = isGood && frame < 16 ? Woman : Man;
            scan.Add([See(frame, 0, 100, isGood ? 0.8f : 0.2f, seen)]);
        }

        Person person = Assert.Single(scan.Resolve(new FaceSelection(), []).People);
        Assert.Equal(Woman, person.Attributes);
    }

    [Fact]
    public void Resolve_ADraw_GoesToTheBetterSighting()
    {
        PeopleScan scan = new();
        scan.Add([See(0, 0, 100, 0.4f, Man)]);
        scan.Add([See(1, 0, 100, 0.6f, Woman)]);

        FaceAttributes? taken = Assert.Single(scan.Resolve(new FaceSelection(), []).People).Attributes;
        Assert.Equal((Gender.Female, Race.Asian), (taken!.Value.Gender, taken.Value.Race));
        Assert.Equal(Woman.Age, taken.Value.Age);
    }

    [Theory]
    [InlineData(GenderFilter.Auto, RaceFilter.Auto, 1)]
    [InlineData(GenderFilter.Male, null, 2)]
    [InlineData(GenderFilter.Male, RaceFilter.Auto, 0)]
    public void Resolve_Auto_IsThatOfTheSource(GenderFilter gender, RaceFilter? race, int meant)
    {
        FaceSelector selector = new()
        {
            Mode = FaceSelectorMode.Many,
            Gender = gender,
            Race = race,
        };
        ScanResult result = Two().Resolve(selector, new SelectorScene { Source = Woman }, ["me"]);

        Assert.Equal(meant == 0 ? [] : [meant], result.People.Where(p => p.IsMeant).Select(p => p.Number));
        Assert.Equal(meant == 0 ? 1 : 0, result.Warnings.Count);
    }

    [Fact]
    public void Resolve_Many_DealsIdentitiesOutInTheSelectorsOrder()
    {
        // The man stands on the left.
        FaceSelector selector = new() { Mode = FaceSelectorMode.Many, Order = FaceOrder.LeftRight };
        Assert.Equal(["b", "a"], Identities(selector, 0));
        Assert.Equal(["a", "b"], Identities(selector, 180));
        Assert.Equal([null, "a"], Identities(selector with { Mode = FaceSelectorMode.One }, 0));
    }

    [Fact]
    public void ChooseReference_Position_IsClampedToTheLastThatPasses()
    {
        ScanSighting[] seen = [See(3, 0, 300, 0.8f, Woman), See(3, 1, 10, 0.8f, Man), See(3, 2, 150, 0.8f, Woman)];
        SelectorScene scene = new();
        FaceSelector women = new() { Order = FaceOrder.LeftRight, Gender = GenderFilter.Female };

        Assert.Same(seen[2], scene.ChooseReference(seen, women));
        Assert.Same(seen[0], scene.ChooseReference(seen, women with { ReferencePosition = 7 }));
        Assert.Null(scene.ChooseReference(seen, women with { Race = RaceFilter.Latino }));
    }

    [Fact]
    public void AddOnce_AFrameThatWasScanned_MakesNoSecondPerson()
    {
        PeopleScan scan = Two();
        scan.AddOnce([See(4, 0, 300, 0.8f, Woman)]);
        Assert.Equal(2, scan.Resolve(new FaceSelection(), []).People.Count);

        // One that was not may show somebody whom nobody saw.
        scan.AddOnce([See(99, 7, 300, 0.8f, Woman)]);
        Assert.Equal(3, scan.Resolve(new FaceSelection(), []).People.Count);
    }

    private static IEnumerable<string?> Identities(FaceSelector selector, int rotation) =>
        Two()
            .Resolve(selector, new SelectorScene { Rotation = rotation }, ["a", "b"])
            .People.Select(person => person.Identity);

    /// <summary>Person 1, a woman at 300 pixels from the left, seen more often than person 2, a man at 10.</summary>
    private static PeopleScan Two()
    {
        PeopleScan scan = new();
        for (int frame = 0; frame < 6; frame++)
        {
            ScanSighting woman = See(frame, 0, 300, 0.8f, Woman);
            scan.Add(frame == 5 ? [woman] : [woman, See(frame, 1, 10, 0.8f, Man)]);
        }

        return scan;
    }

    private static ScanSighting See(int frame, int axis, float left, float quality, FaceAttributes attributes)
    {
        float[] embedding = new float[FrameAnalyser.EmbeddingLength];
        embedding[axis] = 1;
        return new ScanSighting
        {
            Frame = frame,
            Embedding = embedding,
            Box = new FaceBox(left, 50, 60, 60, 0.9f, 0),
            Size = 0.2f,
            Quality = quality,
            Attributes = attributes,
        };
    }
}
