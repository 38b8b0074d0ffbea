using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Contracts.Tests.Licences;

public sealed class LicenceGateTests
{
    private static readonly LicensedModel[] Catalogue =
    [
        Model("finder", LicenceClass.Permissive, role: "detector"),
        Model("other-finder", LicenceClass.Copyleft, role: "detector"),
        Model("embedder", LicenceClass.PermissiveUnverified, role: "embedding"),
        Model("mesh", LicenceClass.Permissive),
        Model("ghost", LicenceClass.Permissive, "fuser", ["converter", "arcface"]),
        Model("converter", LicenceClass.Permissive, "converter", ["arcface"]),
        Model("arcface", LicenceClass.NonCommercial),
        Model("guesser", LicenceClass.NonCommercial, role: "classifier"),
        Model("ager", LicenceClass.Permissive, "age", ["guesser"]),
        Model("part-a", LicenceClass.Permissive, "expression", ["part-b"]),
        Model("part-b", LicenceClass.Research, "expression", ["part-a"]),
    ];

    [Fact]
    public void Of_ARecipe_IsWhatItNamesWithAllNeedsAndTheBuiltInModels() =>
        Assert.Equal(
            ["ghost", "converter", "arcface", "mesh", "finder", "embedder"],
            RecipeModels.Of(Swap("ghost", "mesh", "ghost"), Catalogue).Select(model => model.Id)
        );

    /// <summary>Who asks for women asks a classifier, and its licence counts.</summary>
    [Fact]
    public void Classifier_IsPulledInByFiltersAndByModelsThatNeedIt()
    {
        Recipe plain = Swap("mesh");
        Recipe everybody = plain with { Selector = new FaceSelector { Mode = FaceSelectorMode.Many } };
        Recipe women = plain with { Selector = new FaceSelector { Gender = GenderFilter.Female } };
        Recipe aged = new() { Processors = [new AgeStep { Model = "ager" }] };

        Assert.Null(RecipeModels.Classifier(plain, Catalogue));
        Assert.Null(RecipeModels.Classifier(everybody, Catalogue));
        Assert.Equal("guesser", RecipeModels.Classifier(women, Catalogue));
        Assert.Equal("guesser", RecipeModels.Classifier(aged, Catalogue));
        Assert.Equal(["mesh", "guesser"], RecipeModels.Chosen(women, Catalogue));
        Assert.False(LicenceGate.Judge(RecipeModels.Of(women, Catalogue), LicenceUsage.Commercial).IsAllowed);
        Assert.Equal(["fairface"], RecipeModels.Chosen(women, [Catalogue[3]]).Except(["mesh"]));
    }

    [Fact]
    public void WithNeeds_ThatGoInACircle_EndsAndNamesEachOnce() =>
        Assert.Equal(["part-a", "part-b"], RecipeModels.WithNeeds(["part-a"], Catalogue).Select(model => model.Id));

    [Theory]
    [InlineData(LicenceClass.Permissive, true)]
    [InlineData(LicenceClass.PermissiveUnverified, true)]
    [InlineData(LicenceClass.Copyleft, false)]
    [InlineData(LicenceClass.NonCommercial, false)]
    [InlineData(LicenceClass.Research, false)]
    [InlineData(LicenceClass.Unknown, false)]
    public void Judge_CommercialUse_NeedsALicenceThatAllowsIt(LicenceClass narrowest, bool isAllowed)
    {
        LicensedModel[] models = [Model("mesh", LicenceClass.Permissive), Model("it", narrowest)];

        LicenceVerdict verdict = LicenceGate.Judge(models, LicenceUsage.Commercial);

        Assert.Equal((isAllowed, narrowest), (verdict.IsAllowed, verdict.Class));
        Assert.Equal(isAllowed ? [] : ["it"], verdict.Offending.Select(model => model.Id));
        Assert.True(LicenceGate.Judge(models, LicenceUsage.NonCommercial).IsAllowed);
        Assert.True(LicenceGate.Judge(models, LicenceUsage.Unspecified).IsAllowed);
    }

    /// <summary>A permissive swapper is no more permissive than the recogniser that it needs.</summary>
    [Fact]
    public void Judge_OffenderThatIsOnlyNeeded_IsNamedAndRefused()
    {
        LicenceVerdict verdict = LicenceGate.Judge(RecipeModels.Of(Swap("ghost"), Catalogue), LicenceUsage.Commercial);

        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(verdict.Require);
        Assert.Equal("model-licence", e.Code);
        Assert.Contains("arcface (terms of arcface: non-commercial)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ghost", e.Message, StringComparison.Ordinal);
        Assert.Equal(new GateVerdict("licence", "declined", e.Message), verdict.ToGate());
    }

    [Fact]
    public void Judge_ModelThatTheCatalogueDoesNotKnow_IsUnknown()
    {
        LicenceVerdict verdict = LicenceGate.Judge(RecipeModels.Of(Swap("mine"), Catalogue), LicenceUsage.Commercial);

        Assert.Equal("mine", Assert.Single(verdict.Offending).Id);
        Assert.Equal(LicenceClass.Unknown, verdict.Class);
    }

    [Fact]
    public void ToGate_Allowed_SaysTheNarrowestClassAndWhoseItIs()
    {
        IReadOnlyList<LicensedModel> models = RecipeModels.Of(Swap("mesh"), Catalogue);

        GateVerdict undeclared = LicenceGate.Judge(models, LicenceUsage.Unspecified).ToGate();
        GateVerdict commercial = LicenceGate.Judge(models, LicenceUsage.Commercial).ToGate();

        Assert.Equal(("not-declared", "passed"), (undeclared.Verdict, commercial.Verdict));
        const string Why =
            "the models together are permissive-unverified, because of embedder (terms of embedder: permissive-unverified).";
        Assert.Equal($"The use was not declared; {Why}", undeclared.Note);
        Assert.Equal($"Declared as commercial use; {Why}", commercial.Note);
    }

    [Theory]
    [InlineData("unspecified", "commercial", "commercial")]
    [InlineData("commercial", "non-commercial", "commercial")]
    [InlineData("non-commercial", "unspecified", "non-commercial")]
    public void Stricter_OfTwoDeclarations_IsTheOneThatAsksMore(string one, string other, string both) =>
        Assert.Equal(
            LicenceUsages.Find(both),
            LicenceUsages.Stricter(LicenceUsages.Find(one)!.Value, LicenceUsages.Find(other)!.Value)
        );

    [Fact]
    public void Names_OfClassesAndUses_AreReadBack()
    {
        Assert.All(Enum.GetValues<LicenceClass>(), c => Assert.Equal(c, LicenceClasses.Of(LicenceClasses.NameOf(c))));
        Assert.All(Enum.GetValues<LicenceUsage>(), u => Assert.Equal(u, LicenceUsages.Find(LicenceUsages.NameOf(u))));
        Assert.Equal(LicenceClass.Unknown, LicenceClasses.Of("Permissive"));
        Assert.Null(LicenceUsages.Find("profit"));
    }

    private static LicensedModel Model(
        string id,
        LicenceClass licence,
        string role = "fuser",
        string[]? needs = null
    ) => new(id, role, $"terms of {id}", licence, needs ?? []);

    private static Recipe Swap(params string[] models) =>
        new() { Processors = [.. models.Select(model => new SwapStep { Model = model })] };
}
