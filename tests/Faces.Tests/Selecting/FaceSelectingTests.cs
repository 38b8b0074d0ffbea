using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Selecting;
using Xunit;
using SourceIdentity = FaceFusion.Batch.Faces.Selecting.SourceIdentity;

namespace FaceFusion.Batch.Faces.Tests.Selecting;

public sealed class FaceSelectingTests
{
    private static readonly FaceAttributes Woman = new(Gender.Female, Race.Asian, new AgeRange(20, 29));
    private static readonly FaceAttributes Man = new(Gender.Male, Race.Black, new AgeRange(60, 69));
    private static readonly FaceAttributes Girl = new(Gender.Female, Race.White, new AgeRange(3, 9));

    [Theory]
    [InlineData(FaceOrder.LeftRight, 0, "b c a")]
    [InlineData(FaceOrder.RightLeft, 0, "a c b")]
    [InlineData(FaceOrder.TopBottom, 0, "a b c")]
    [InlineData(FaceOrder.BottomTop, 0, "c b a")]
    [InlineData(FaceOrder.SmallLarge, 0, "c a b")]
    [InlineData(FaceOrder.LargeSmall, 0, "b a c")]
    [InlineData(FaceOrder.BestWorst, 0, "b c a")]
    [InlineData(FaceOrder.WorstBest, 0, "a c b")]
    [InlineData(FaceOrder.LeftRight, 90, "c b a")]
    [InlineData(FaceOrder.TopBottom, 90, "b c a")]
    [InlineData(FaceOrder.LeftRight, 180, "a c b")]
    [InlineData(FaceOrder.TopBottom, 180, "c b a")]
    [InlineData(FaceOrder.LeftRight, 270, "a b c")]
    [InlineData(FaceOrder.TopBottom, 270, "a c b")]
    public void Select_Many_OrdersThePictureThatIsShown(FaceOrder order, int rotation, string expected)
    {
        List<FoundFace> faces = Three();

        FaceSelecting.Select(faces, new() { Mode = FaceSelectorMode.Many, Order = order }, [], null, rotation);

        Assert.Equal(expected, Names(faces));
    }

    [Fact]
    public void Sort_Equals_KeepTheirOrder()
    {
        List<FoundFace> faces = [Face("a", 5, 5, 20, 0.5f), Face("b", 5, 5, 20, 0.5f), Face("c", 1, 1, 20, 0.5f)];

        FaceSelecting.Sort(faces, FaceOrder.RightLeft);

        Assert.Equal("a b c", Names(faces));
    }

    [Theory]
    [InlineData(GenderFilter.Female, null, null, null, "b c")]
    [InlineData(GenderFilter.Male, null, null, null, "a")]
    [InlineData(GenderFilter.Auto, null, null, null, "a")]
    [InlineData(null, RaceFilter.Asian, null, null, "b")]
    [InlineData(null, RaceFilter.Auto, null, null, "a")]
    [InlineData(null, RaceFilter.Arabic, null, null, "")]
    [InlineData(GenderFilter.Female, RaceFilter.White, null, null, "c")]
    [InlineData(null, null, 28, null, "b a")]
    [InlineData(null, null, 29, null, "a")]
    [InlineData(null, null, 9, 20, "")]
    [InlineData(null, null, 8, 20, "c")]
    [InlineData(null, null, 9, 21, "b")]
    [InlineData(null, null, null, 3, "")]
    [InlineData(null, null, null, 4, "c")]
    public void Select_Filters_KeepWhoIsMeant(
        GenderFilter? gender,
        RaceFilter? race,
        int? from,
        int? to,
        string expected
    )
    {
        List<FoundFace> faces = Three();
        FaceSelector selector = new()
        {
            Mode = FaceSelectorMode.Many,
            Gender = gender,
            Race = race,
            AgeStart = from,
            AgeEnd = to,
        };

        FaceSelecting.Select(faces, selector, [], source: Man);

        Assert.Equal(expected, Names(faces));
    }

    [Fact]
    public void Select_AutoWithoutASource_LetsAllPass()
    {
        List<FoundFace> faces = Three();

        FaceSelecting.Select(faces, new() { Mode = FaceSelectorMode.Many, Gender = GenderFilter.Auto }, [], null);

        Assert.Equal(3, faces.Count);
    }

    [Fact]
    public void Select_One_IsTheFirstThatPasses()
    {
        List<FoundFace> faces = Three();

        FaceSelecting.Select(faces, new() { Mode = FaceSelectorMode.One, Gender = GenderFilter.Female }, [], null);

        Assert.Equal("b", Names(faces));
    }

    [Fact]
    public void Select_Reference_KeepsNearFacesInTheOrderInWhichTheyCame()
    {
        // Of cosine c the distance is (1 - c) / 2: 0.3 is reached at 0.4.
        List<FoundFace> faces =
        [
            WithCosine("a", 0.41f),
            WithCosine("b", 0.39f),
            WithCosine("c", 1),
            WithCosine("d", -1),
        ];
        FaceSelector selector = new() { Order = FaceOrder.SmallLarge, Gender = GenderFilter.Female };
        float[] reference = Axis(0);

        FaceSelecting.Select(faces, selector, [Axis(5), reference], null);

        Assert.Equal("a c", Names(faces));
        Assert.Equal(0.5f, FaceSelecting.Distance(reference, Axis(5)));
    }

    [Fact]
    public void Select_ReferenceByRawEmbeddings_WouldKeepOthers()
    {
        List<FoundFace> faces = [WithCosine("a", 0.3f, length: 20)];

        FaceSelecting.Select(faces, new(), [Axis(0)], null);

        Assert.Empty(faces);
    }

    [Theory]
    [InlineData(0, "b")]
    [InlineData(1, "a")]
    [InlineData(9, "c")]
    public void Reference_Position_IsClampedToTheLast(int position, string expected)
    {
        FoundFace? face = FaceSelecting.Reference(Three(), new() { ReferencePosition = position }, null);

        Assert.Equal(expected, Names([face!]));
    }

    [Fact]
    public void Reference_NobodyPasses_IsNull() =>
        Assert.Null(FaceSelecting.Reference(Three(), new() { Race = RaceFilter.Latino }, null));

    [Theory]
    [InlineData(FaceSelectorMode.Many, null, FaceDetails.None)]
    [InlineData(FaceSelectorMode.One, GenderFilter.Auto, FaceDetails.Attributes)]
    [InlineData(FaceSelectorMode.Reference, GenderFilter.Auto, FaceDetails.Embedding)]
    public void DetailsFor_Selector_AreThoseItLooksAt(
        FaceSelectorMode mode,
        GenderFilter? gender,
        FaceDetails expected
    ) => Assert.Equal(expected, FaceSelecting.DetailsFor(new() { Mode = mode, Gender = gender }));

    [Fact]
    public void Average_Photos_MeansRawAndUnitAlike()
    {
        SourceIdentity small = SourceIdentity.Of(WithCosine("a", 1, length: 2, attributes: Man));
        SourceIdentity large = SourceIdentity.Of(WithCosine("b", 0, length: 20, attributes: Woman));

        SourceIdentity mean = SourceIdentity.Average([small, large]);

        // Means of what went in: neither weighed by length nor made length 1 again.
        Assert.Equal([1, 10], mean.Embedding[..2]);
        Assert.Equal([0.5f, 0.5f], mean.UnitEmbedding[..2]);
        Assert.Equal(Man, mean.Attributes);
    }

    [Fact]
    public void OfLargest_Photo_IsItsLargestFace()
    {
        FoundFace small = WithCosine("a", 1);
        FoundFace large = WithCosine("b", 0);
        large.Box = new FaceBox(0, 0, 50, 50, 0.1f, 0);

        Assert.Equal(large.Embedding, SourceIdentity.OfLargest([small, large])!.Embedding);
        Assert.Null(SourceIdentity.OfLargest([]));
    }

    /// <summary>a: right, top, middle size, worst; b: left, middle, large, best; c: middle, bottom, small, between.</summary>
    private static List<FoundFace> Three() =>
        [Face("a", 300, 10, 60, 0.5f, Man), Face("b", 10, 100, 90, 0.9f, Woman), Face("c", 150, 220, 30, 0.7f, Girl)];

    private static FoundFace Face(string name, float x, float y, float size, float score, FaceAttributes? has = null) =>
        new()
        {
            Box = new FaceBox(x, y, size, size, score, 0),
            Attributes = has,
            Angle = name[0],
        };

    private static FoundFace WithCosine(string name, float cosine, float length = 1, FaceAttributes? attributes = null)
    {
        FoundFace face = Face(name, 0, 0, 20, 0.5f, attributes);
        (float[] raw, float[] unit) = face.KeepEmbedding();
        unit[0] = cosine;
        unit[1] = MathF.Sqrt(1 - (cosine * cosine));
        raw[0] = length * unit[0];
        raw[1] = length * unit[1];
        return face;
    }

    private static float[] Axis(int at)
    {
        float[] axis = new float[512];
        axis[at] = 1;
        return axis;
    }

    private static string Names(IEnumerable<FoundFace> faces) =>
        string.Join(' ', faces.Select(face => (char)face.Angle));
}
