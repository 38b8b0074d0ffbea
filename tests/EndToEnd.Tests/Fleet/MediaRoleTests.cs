using System.Net;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>A coordinator that serves no API can still be looked after.</summary>
public sealed class MediaRoleTests
{
    [Fact]
    public async Task Coordinator_OfMediaAlone_ServesHealthAndNoApi()
    {
        await using FleetProcesses fleet = await FleetProcesses.StartAsync(workers: 0, ("FFB_ROLES", "media"));
        using HttpClient anyone = new() { BaseAddress = fleet.Server };
        using HttpResponseMessage jobs = await anyone.GetAsync("/v1/jobs");

        Assert.Equal("alive", await anyone.GetStringAsync("/healthz"));
        Assert.Equal("{\"bus\":true}", await anyone.GetStringAsync("/readyz"));
        Assert.Contains("ffb_chunks_committed_total", await anyone.GetStringAsync("/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, jobs.StatusCode);
    }
}
