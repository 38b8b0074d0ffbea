using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Tests.Recipes;

public sealed class EnhancingRulesTests
{
    [Fact]
    public void Check_Defaults_AreInRange()
    {
        EnhancingRules.Check(new EnhanceStep(), "/processors/0");
        EnhancingRules.Check(new UpscaleStep(), "/processors/0");
        EnhancingRules.Check(new ExpressionStep(), "/processors/0");
        EnhancingRules.Check(new AgeStep(), "/processors/0");
    }

    [Fact]
    public void Check_ValueOutOfRange_NamesTheFieldAndItsPlace()
    {
        (string Field, Action Check)[] wrong =
        [
            ("blend", () => EnhancingRules.Check(new EnhanceStep { Blend = 101 }, "/processors/2")),
            ("weight", () => EnhancingRules.Check(new EnhanceStep { Weight = double.NaN }, "/processors/2")),
            ("maskBlur", () => EnhancingRules.Check(new EnhanceStep { MaskBlur = -0.1 }, "/processors/2")),
            ("model", () => EnhancingRules.Check(new EnhanceStep { Model = " " }, "/processors/2")),
            ("occluder", () => EnhancingRules.Check(new EnhanceStep { Occluder = " " }, "/processors/2")),
            ("occluder", () => EnhancingRules.Check(new AgeStep { Occluder = "" }, "/processors/2")),
            ("blend", () => EnhancingRules.Check(new UpscaleStep { Blend = -1 }, "/processors/2")),
            ("outputScale", () => EnhancingRules.Check(new UpscaleStep { OutputScale = 3 }, "/processors/2")),
            ("factor", () => EnhancingRules.Check(new ExpressionStep { Factor = 101 }, "/processors/2")),
            ("areas", () => EnhancingRules.Check(new ExpressionStep { Areas = [] }, "/processors/2")),
            ("maskBlur", () => EnhancingRules.Check(new ExpressionStep { MaskBlur = 1.1 }, "/processors/2")),
            ("direction", () => EnhancingRules.Check(new AgeStep { Direction = -101 }, "/processors/2")),
        ];
        foreach ((string field, Action check) in wrong)
        {
            InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(check);
            Assert.Equal("recipe-value", e.Code);
            Assert.Equal($"/processors/2/{field}", e.Pointer);
            Assert.Contains($".{field} ", e.Message, StringComparison.Ordinal);
        }
    }
}
