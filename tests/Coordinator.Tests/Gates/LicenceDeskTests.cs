using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Gates;

/// <summary>Licences of models are held against the declared use, wherever a job comes from.</summary>
public sealed class LicenceDeskTests : IDisposable
{
    private static readonly string Models = Path.Combine(Footage.SolutionFolder(), "models");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_ForCommercialUseWithAModelThatForbidsIt_Is403AndNoJob()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, coordinator: o => o with { ModelsFolder = Models });
        (string target, string source) = await FillAsync(host);

        HttpResponseMessage refused = await PostAsync(host, Swap(target, source, "ghost_1_256", "COMMERCIAL"));
        HttpResponseMessage taken = await PostAsync(host, Swap(target, source, "mesh", "COMMERCIAL"));
        HttpResponseMessage plan = await PostAsync(
            host,
            Swap(target, source, "ghost_1_256", "COMMERCIAL"),
            "?validateOnly=true"
        );

        string detail = await refused.Content.ReadAsStringAsync();
        Assert.Equal((403, "MODEL_LICENCE"), await refused.ProblemAsync());
        Assert.Contains("arcface (Non-Commercial: non-commercial)", detail, StringComparison.Ordinal);
        Assert.Equal(201, (int)taken.StatusCode);
        Assert.Equal(LicenceUsage.Commercial, (await taken.ReadAsync<ApiJob>()).Usage);
        Assert.Equal("declined", Licence((await plan.ReadAsync<ApiPlanAnswer>()).Gates).Verdict);
        _ = Assert.Single((await (await host.Acme.GetAsync("/v1/jobs")).ReadAsync<ApiJobList>()).Jobs);
    }

    [Fact]
    public async Task Create_TenantDeclaredByTheInstallation_CannotDeclareLess()
    {
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            coordinator: o =>
                o with
                {
                    ModelsFolder = Models,
                    TenantUsages = new Dictionary<string, LicenceUsage> { ["acme"] = LicenceUsage.Commercial },
                }
        );
        (string target, string source) = await FillAsync(host);

        HttpResponseMessage refused = await PostAsync(host, Swap(target, source, "inswapper_128", "NON_COMMERCIAL"));

        Assert.Equal((403, "MODEL_LICENCE"), await refused.ProblemAsync());
    }

    [Fact]
    public async Task Batch_RowWithAModelThatForbidsTheUse_IsAFaultOfItsRow()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, coordinator: o => o with { ModelsFolder = Models });
        (string target, string source) = await FillAsync(host);
        string rows = string.Join(
            ',',
            new[] { "mesh", "inswapper_128" }.Select(model =>
                $$$"""{"id":"{{{model}}}","target":"{{{target}}}","sources":["{{{source}}}"],"recipe":{"processors":[{"processor":"swap","model":"{{{model}}}"}]}}"""
            )
        );

        HttpResponseMessage answer = await host.Acme.PostAsync(
            "/v1/batches?validateOnly=true",
            ApiJobs.Json($$$"""{"rows":[{{{rows}}}],"defaults":{"usage":"COMMERCIAL"}}""")
        );

        ApiBatchCheck check = await answer.ReadAsync<ApiBatchCheck>();
        Assert.Equal((2, 1), (check.Rows, check.Invalid));
        ApiRowError error = Assert.Single(check.Errors);
        Assert.Equal((2, "/recipe", "model-licence"), (error.Line, error.Pointer, error.Code));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Gate_UseForbiddenSinceTheJobWasAccepted_DeclinesIt(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { ModelsFolder = Models });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await SetAsync(desk, job, "inswapper_128", LicenceUsage.Commercial);

        await desk.Sweeper.SweepAsync(CancellationToken.None);

        JobRow declined = await desk.JobAsync(job);
        Assert.Equal((JobState.Declined, "model-licence"), (declined.State, declined.Failure?.Code));
        Assert.NotNull(declined.FinishedAt);
        Assert.Equal("declined", Licence(declined.Gates).Verdict);
        Assert.Contains("inswapper_128", Licence(declined.Gates).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LicenceUsage.Commercial, "passed", "Declared as commercial use")]
    [InlineData(LicenceUsage.Unspecified, "not-declared", "permissive-unverified, because of mobilefacenet (MIT")]
    public async Task Gate_UseAllowed_PassesWithTheClassesInItsNote(LicenceUsage usage, string verdict, string note)
    {
        await using Desk desk = await Desk.OpenAsync(_folder, o => o with { ModelsFolder = Models });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await SetAsync(desk, job, "mesh", usage);

        await desk.Sweeper.SweepAsync(CancellationToken.None);

        JobRow passed = await desk.JobAsync(job);
        Assert.Equal((JobState.Fusing, verdict), (passed.State, Licence(passed.Gates).Verdict));
        Assert.Contains(note, Licence(passed.Gates).Note, StringComparison.Ordinal);
    }

    /// <summary>Without a catalogue nobody knows a licence, and what is not known is not for sale.</summary>
    [Fact]
    public async Task Submit_CommercialUseWithoutACatalogue_IsRefused()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        JobRequest request = new()
        {
            Target = TinyClip.FullPath,
            Recipe = new Recipe { Processors = [new SwapStep()] },
            Output = _folder.PathOf("out.mp4"),
            Usage = LicenceUsage.Commercial,
        };

        InvalidRecipeException e = await Assert.ThrowsAsync<InvalidRecipeException>(() =>
            desk.Jobs.SubmitAsync(request, CancellationToken.None)
        );

        Assert.Equal("model-licence", e.Code);
    }

    private static GateVerdict Licence(IReadOnlyList<GateVerdict> gates) =>
        Assert.Single(gates, g => g.Gate == "licence");

    private static Task<HttpResponseMessage> PostAsync(ApiHost host, string body, string query = "") =>
        host.Acme.PostAsync($"/v1/jobs{query}", ApiJobs.Json(body));

    private static string Swap(string target, string source, string model, string usage) =>
        $$"""{"target":"{{target}}","sources":["{{source}}"],"recipe":{"processors":[{"processor":"swap","model":"{{model}}"}]},"usage":"{{usage}}"}""";

    private static async Task<(string Target, string Source)> FillAsync(ApiHost host)
    {
        await using JobsDbContext context = await host.NewContextAsync();
        UploadRow target = context.Uploads.Add(BatchParts.ReadyTarget("acme")).Entity;
        SourceRow source = context.Sources.Add(BatchParts.Source("acme")).Entity;
        _ = await context.SaveChangesAsync();
        return (ApiIds.Write(ApiIds.Upload, target.Id), ApiIds.Write(ApiIds.Source, source.Id));
    }

    private static async Task SetAsync(Desk desk, Guid jobId, string model, LicenceUsage usage)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        JobRow job = (await context.Jobs.FindAsync(jobId))!;
        (job.State, job.LeaseUntil, job.Usage) = (JobState.Gating, null, usage);
        job.Recipe = new Recipe { Processors = [new SwapStep { Model = model }] };
        _ = await context.SaveChangesAsync();
    }
}
