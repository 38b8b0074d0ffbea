using System.Text.Encodings.Web;
using System.Text.Json;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

public sealed class ApiSnapshotTests : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CommittedDescription_IsThatOfTheProgram()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        JsonElement document = await (await host.Client(null).GetAsync("/openapi/v1.json")).JsonAsync();

        CommittedPage.Check("docs/openapi.json", JsonSerializer.Serialize(document, Readable) + "\n");
    }
}
