using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Coordinator;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>What results are for, from the command line to the gate.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-usage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Fuse_CommercialUseOfAModelThatForbidsIt_IsDeclinedBeforeAnythingIsDone()
    {
        Run refused = await FuseAsync("inswapper_128", "--usage", "commercial");

        Assert.Equal(ExitCode.Declined, refused.Exit);
        Assert.Contains(
            "inswapper_128 (Non-Commercial: non-commercial), arcface (",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.EndsWith("(model-licence)\n", refused.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.FullName));
        Assert.Equal(ExitCode.Precheck, (await FuseAsync("mesh", "--usage", "profit")).Exit);
    }

    [Fact]
    public async Task Fuse_DryRun_ShowsTheLicencesOfAllThatIsPulledIn()
    {
        Run plan = await FuseAsync("inswapper_128", "--dry-run", "--output-format", "json");
        Run text = await FuseAsync("mesh", "--dry-run", "--usage", "commercial");

        Assert.True(plan.Exit == ExitCode.Ok, plan.Error);
        Assert.Equal("non-commercial", plan.Json.GetProperty("licenceClass").GetString());
        Assert.Equal("unspecified", plan.Json.GetProperty("usage").GetString());
        Assert.Equal(
            [
                "inswapper_128",
                "arcface",
                "detector-full-range",
                "face-mesh-attention",
                "mobilefacenet",
                "canonical-mesh",
            ],
            plan.Json.GetProperty("licences").EnumerateArray().Select(model => $"{model.GetProperty("id")}")
        );
        Assert.Matches("(?m)^use +commercial; licences of all models together: permissive-unverified", text.Output);
    }

    [Fact]
    public async Task Submit_WithAUse_TellsTheFleet()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        // This fleet has no catalogue: what it knows no licence of it does not let be sold.
        Run refused = await fleet.RunAsync(
            key,
            ["submit", "--source", Files.Photo, "--target", Files.TinyClip, "--usage", "commercial"]
        );

        Assert.Equal(ExitCode.Declined, refused.Exit);
        Assert.EndsWith("(model-licence)\n", refused.Error, StringComparison.Ordinal);
        Assert.Contains("POST /v1/jobs", fleet.Requests);
    }

    [Fact]
    public void Apply_UsesOfAllAndOfTenants_AreRead()
    {
        CoordinatorOptions options = UsageSetting.Apply(
            "non-commercial, acme=commercial",
            new CoordinatorOptions { WorkFolder = "w" }
        );

        Assert.Equal(LicenceUsage.NonCommercial, options.Usage);
        Assert.Equal(LicenceUsage.Commercial, Assert.Single(options.TenantUsages, t => t.Key == "acme").Value);
    }

    [Theory]
    [InlineData("profit")]
    [InlineData("acme=")]
    [InlineData("acme=unspecified")]
    [InlineData("commercial,,")]
    public void Apply_AnotherForm_IsRefused(string text) =>
        Assert.Equal(
            "usage",
            Assert.Throws<InvalidRecipeException>(() => UsageSetting.Apply(text, new() { WorkFolder = "w" })).Code
        );

    private Task<Run> FuseAsync(string model, params string[] more)
    {
        string recipe = Path.Combine(_folder.FullName, "recipe.json");
        File.WriteAllText(recipe, $$"""{"processors":[{"processor":"swap","model":"{{model}}"}]}""");
        string output = Path.Combine(_folder.FullName, "out.mp4");
        return Run.Async([
            "fuse",
            "--source",
            Files.Photo,
            "--target",
            Files.TinyClip,
            "--output",
            output,
            "--recipe",
            recipe,
            .. more,
        ]);
    }
}
