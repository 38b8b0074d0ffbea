using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Scanning;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Scanning;

public sealed class PeopleSelectionTests
{
    private readonly List<string> _warnings = [];

    [Fact]
    public void One_GivesTheMostProminentTheFirstIdentity()
    {
        Assert.Equal(["me", "-", "-"], Resolve(new FaceSelection(), ["me"]));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void One_SeveralIdentities_Warns()
    {
        Assert.Equal(["me", "-", "-"], Resolve(new FaceSelection(), ["me", "you"]));
        Assert.Contains("me is used", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void All_GivesEveryoneAnIdentityInOrder()
    {
        var all = new FaceSelection { Mode = SelectionMode.All };

        Assert.Equal(["me", "me", "me"], Resolve(all, ["me"]));
        Assert.Equal(["me", "you", "me"], Resolve(all, ["me", "you"]));
    }

    [Fact]
    public void Map_GivesWhoIsNamed() =>
        Assert.Equal(["-", "you", "me"], Resolve(Map((2, "you"), (3, "me")), ["me", "you"]));

    [Fact]
    public void Map_UnknownPerson_SaysHowManyThereAre()
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() => Resolve(Map((4, "me")), ["me"]));

        Assert.Equal("map-unknown-person", e.Code);
        Assert.Contains("person 4", e.Message, StringComparison.Ordinal);
        Assert.Contains("3 people", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_UnknownIdentity_SaysWhichThereAre()
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() => Resolve(Map((1, "he")), ["me", "you"]));

        Assert.Equal("map-unknown-identity", e.Code);
        Assert.Contains("me, you", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoIdentity_NobodyGetsOne() => Assert.Equal(["-", "-", "-"], Resolve(new FaceSelection(), []));

    private string[] Resolve(FaceSelection selection, string[] identities)
    {
        Person[] people =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(number => new Person
                {
                    Number = number,
                    Embedding = [],
                    Sightings = 1,
                    Size = 0.5,
                    BestFrame = 0,
                    Seen = new FrameRange(0, 1),
                }),
        ];
        return
        [
            .. PeopleSelection
                .Resolve(people, selection, identities, _warnings)
                .Select(person => person.Identity ?? "-"),
        ];
    }

    private static FaceSelection Map(params (int Number, string Identity)[] map) =>
        new() { Mode = SelectionMode.Map, Map = map.ToDictionary(pair => pair.Number, pair => pair.Identity) };
}
