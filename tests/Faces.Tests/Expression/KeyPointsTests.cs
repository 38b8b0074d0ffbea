using System.Text.Json;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Tests.Goldens;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Expression;

public sealed class KeyPointsTests
{
    [Fact]
    public void Place_AnyFactorAndAreas_IsAsTheGolden()
    {
        JsonElement golden = EnhancingGolden.Json("expression.json");
        HeadMotion motion = new()
        {
            Pitch = golden.GetProperty("pitch").GetSingle(),
            Yaw = golden.GetProperty("yaw").GetSingle(),
            Roll = golden.GetProperty("roll").GetSingle(),
            Scale = golden.GetProperty("scale").GetSingle(),
        };
        golden.GetProperty("translation").Deserialize<float[]>()!.CopyTo(motion.Translation, 0);
        Points(golden, "calm").CopyTo(motion.Calm, 0);
        float[] own = Points(golden, "own");
        float[] wanted = Points(golden, "wanted");
        float[] placed = new float[HeadMotion.Values];
        int cases = 0;
        foreach (JsonElement expected in golden.GetProperty("cases").EnumerateArray())
        {
            ExpressionArea[] areas = expected.GetProperty("areas").Deserialize<ExpressionArea[]>()!;
            KeyPoints.Mix(own, wanted, expected.GetProperty("factor").GetInt32(), areas, placed);
            KeyPoints.Place(motion, [.. placed], placed);

            // What floats of this size lose, and the golden's six digits.
            Assert.All(Points(expected, "points").Zip(placed), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
            cases++;
        }

        Assert.Equal(12, cases);
    }

    private static float[] Points(JsonElement from, string name) =>
        [.. from.GetProperty(name).Deserialize<float[][]>()!.SelectMany(point => point)];
}
