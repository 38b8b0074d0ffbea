using System.IO.Hashing;
using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestNetworks;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-models-");
    private FileHost _host = null!;

    private string Store => Path.Combine(_folder.FullName, "store");

    public async ValueTask InitializeAsync() => _host = await FileHost.StartAsync("not much of a network"u8.ToArray());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task List_Plain_IsTheCatalogueOfThisMachine()
    {
        Run table = await RunAsync("list");
        Run json = await RunAsync("list", "--output-format", "json");

        Assert.Matches(@"(?m)^mesh +fuser +built-in +Apache-2.0 +permissive", table.Output);
        Assert.Matches(@"(?m)^ghost_1_256 +fuser +missing +Apache-2.0 +permissive +non-commercial", table.Output);
        JsonElement[] rows = [.. json.Json.GetProperty("models").EnumerateArray()];
        Assert.Equal(68, rows.Length);
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public async Task List_ForCommercialUse_LeavesOutWhatNeedsSomethingElse()
    {
        Run run = await RunAsync("list", "--role", "fuser", "--usage", "commercial", "--output-format", "json");

        Assert.Equal(["mesh"], run.Json.GetProperty("models").EnumerateArray().Select(m => $"{m.GetProperty("id")}"));
        Assert.Equal(ExitCode.Precheck, (await RunAsync("list", "--usage", "profit")).Exit);
    }

    [Fact]
    public async Task Show_AModel_SaysEverything()
    {
        Run run = await RunAsync("show", "simswap_256");

        foreach (
            string fact in (string[])
                [
                    "Non-Commercial: non-commercial",
                    "crossface_simswap, arcface",
                    "123.675",
                    "arcface_112_v1",
                    "converted embedding, normalised",
                    "not published",
                ]
        )
        {
            Assert.Contains(fact, run.Output, StringComparison.Ordinal);
        }

        Assert.Contains("(model-unknown)", (await RunAsync("show", "simswap")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_LicenceNotAccepted_FetchesNothing()
    {
        Run refused = await PullAsync("ghost_1_256", "--yes");

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.Contains("licence non-commercial: arcface (Non-Commercial)", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "--accept-licence non-commercial. (licence-not-accepted)\n",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("--yes", (await PullAsync("yunet")).Error, StringComparison.Ordinal);
        Assert.Empty(_host.Asked);
    }

    [Fact]
    public async Task Pull_WithAllThatItNeeds_IsStoredPinnedAndVerified()
    {
        using NetworkFolder ghost = SwapCards.Folder("ghost_1_256", SwapLook.Identity);
        _host.Files = new Dictionary<string, byte[]>
        {
            ["ghost_1_256.onnx"] = BytesOf(ghost, "ghost_1_256"),
            ["crossface_ghost.onnx"] = BytesOf(ghost, "crossface_ghost"),
            ["arcface_w600k_r50.onnx"] = BytesOf(ghost, "arcface"),
        };
        Run pulled = await PullAsync("ghost_1_256", "--yes", "--accept-licence", "non-commercial");

        Assert.True(pulled.Exit == ExitCode.Ok, pulled.Error);
        Assert.Equal(["ghost_1_256", "crossface_ghost", "arcface"], pulled.Lines.Select(line => line.Split(' ')[0]));
        Assert.Equal(
            3,
            pulled.Error.Split('\n').Count(line => line.StartsWith("note: no SHA-256", StringComparison.Ordinal))
        );
        Assert.Contains("/facefusion/facefusion-assets/releases/download/models-3.0.0/ghost_1_256.onnx", _host.Asked);
        Run verified = await RunAsync("verify");
        Assert.Equal(ExitCode.Ok, verified.Exit);
        Assert.Matches("(?m)^arcface +good", verified.Output);
        Assert.Matches("(?m)^mobilefacenet +good", verified.Output);

        _host.Asked.Clear();
        Run again = await PullAsync("ghost_1_256");
        Assert.Equal((ExitCode.Ok, "", 0), (again.Exit, again.Output, _host.Asked.Count));
        Assert.Contains("arcface is here: stored", again.Error, StringComparison.Ordinal);

        await File.AppendAllTextAsync(Path.Combine(Store, "arcface_w600k_r50.onnx"), "!", Stop);
        Run damaged = await RunAsync("verify", "arcface");
        Assert.Equal(ExitCode.VerificationFailed, damaged.Exit);
        Assert.Matches("(?m)^arcface +bad", damaged.Output);
    }

    [Fact]
    public async Task Pull_BytesOfAnotherFile_AreRefused()
    {
        Run refused = await PullAsync("xseg_1", "--accept-licence", "copyleft");

        Assert.Contains("CRC-32", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("(model-hash)\n", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Store));
    }

    [Fact]
    public async Task Pull_NobodyHasIt_IsUnavailable()
    {
        _host.Refuse = _ => 404;

        Run refused = await PullAsync("yunet", "--yes");

        Assert.Equal(ExitCode.Unavailable, refused.Exit);
        Assert.EndsWith("(model-fetch)\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, _host.Asked.Count);
    }

    [Fact]
    public async Task Pull_DryRun_ShowsAndFetchesNothing()
    {
        Run plan = await PullAsync("hyperswap_1a_256", "--dry-run", "--output-format", "json");

        JsonElement[] rows = [.. plan.Json.GetProperty("models").EnumerateArray()];
        Assert.Equal(["hyperswap_1a_256", "arcface"], rows.Select(row => $"{row.GetProperty("id")}"));
        Assert.Equal(402742682, rows[0].GetProperty("byteCount").GetInt64());
        Assert.Empty(_host.Asked);
    }

    [Fact]
    public async Task Import_ByName_IsPinnedAndRemovedWithThePinKept()
    {
        using NetworkFolder finding = FindingNetworks.Folder();
        byte[] network = BytesOf(finding, "yunet");
        // The same network, and a byte that changes its hash: the version that a producer names.
        byte[] another = [.. network, 0x18 + 2, 1, (byte)'2'];
        string file = await WriteAsync("yunet.onnx", network);

        Run imported = await RunAsync("import", await WriteAsync("yunet_2023_mar.onnx", network));
        Run removed = await RunAsync("remove", "yunet");
        Run other = await RunAsync("import", await WriteAsync("yunet_2023_mar.onnx", another));
        Run forgotten = await RunAsync("remove", "yunet", "--forget-pin");
        Run taken = await RunAsync("import", file, "--as", "yunet");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (imported.Exit, removed.Exit));
        Assert.Contains("is yunet; licence permissive: MIT", imported.Error, StringComparison.Ordinal);
        Assert.EndsWith("(model-hash)\n", other.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (forgotten.Exit, taken.Exit));
        Assert.Equal(ExitCode.NotFound, (await RunAsync("remove", "arcface")).Exit);
    }

    [Fact]
    public async Task Import_ByCrcUnderAnotherName_IsRecognised()
    {
        // Four more bytes, in the text about the model, give any file the CRC-32 that it should have.
        byte[] forged = WithCrc([.. MaskNetworks.Occluder("xseg_1"), 0x32, 4], 0xf207afe3);

        Run imported = await RunAsync("import", await WriteAsync("mask.onnx", forged));

        Assert.True(imported.Exit == ExitCode.Ok, imported.Error);
        Assert.StartsWith("xseg_1  stored", imported.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Unknown_IsRefusedUnlessItIsSaidWhatItIs()
    {
        using NetworkFolder swap = SwapCards.Folder("hyperswap_1a_256", SwapLook.Identity);
        string file = await WriteAsync("mine.onnx", BytesOf(swap, "hyperswap_1a_256"));

        Assert.EndsWith("(model-unknown)\n", (await RunAsync("import", file)).Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "(model-hash)\n",
            (await RunAsync("import", file, "--as", "xseg_1")).Error,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "(model-built-in)\n",
            (await RunAsync("import", file, "--as", "mesh")).Error,
            StringComparison.Ordinal
        );
        Assert.EndsWith("(model-missing)\n", (await RunAsync("import", file + "x")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("import", file, "--as", "hyperswap_1b_256")).Exit);
    }

    /// <summary>Under the right name, and with no hash to hold it against.</summary>
    [Theory]
    [InlineData("model-format", "yunet_2023_mar.onnx")]
    [InlineData("model-shape", "arcface_w600k_r50.onnx")]
    public async Task Import_OfWhatWouldBeRefusedAtItsUse_IsRefusedAtOnce(string code, string name)
    {
        using NetworkFolder finding = FindingNetworks.Folder();
        byte[] file = code == "model-format" ? "a network"u8.ToArray() : BytesOf(finding, "yunet");

        Run refused = await RunAsync("import", await WriteAsync(name, file));

        Assert.Equal(ExitCode.Precheck, refused.Exit);
        Assert.EndsWith($"({code})\n", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Store));
    }

    [Fact]
    public async Task List_OfAFleet_AsksIt()
    {
        await using ScriptedServer fleet = await ScriptedServer.StartAsync(
            (http, _) =>
            {
                http.Response.ContentType = "application/json";
                return http.Response.WriteAsync(
                    http.Request.Path == "/v1/models"
                        ? """{"models":[{"id":"theirs","role":"fuser","family":"x","licence":"MIT"},{"id":"eyes","role":"detector","family":"y","licence":"MIT"}]}"""
                        : "{}"
                );
            }
        );
        string[] ask = ["--server", $"{fleet.Address}", "--key-file", await WriteAsync("key", "ffb_1_2")];

        Run listed = await RunAsync(["list", .. ask]);
        Run fusers = await RunAsync(["list", "--role", "fuser", .. ask]);

        Assert.Equal(ExitCode.Ok, listed.Exit);
        Assert.Equal(["MODEL", "theirs", "eyes"], listed.Lines.Select(line => line.Split(' ')[0]));
        Assert.Equal(["MODEL", "theirs"], fusers.Lines.Select(line => line.Split(' ')[0]));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<Run> RunAsync(params string[] arguments) => Run.Async(["models", .. arguments, "--store", Store]);

    private Task<Run> PullAsync(params string[] arguments) => RunAsync(["pull", .. arguments, "--mirror", _host.Url]);

    private static byte[] BytesOf(NetworkFolder folder, string id)
    {
        ModelCatalog catalog = folder.ToCatalog();
        return catalog.Read(catalog.Card(id));
    }

    private Task<string> WriteAsync(string name, string content) =>
        WriteAsync(name, System.Text.Encoding.UTF8.GetBytes(content));

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        await File.WriteAllBytesAsync(path, content, Stop);
        return path;
    }

    /// <summary>CRC-32 is linear: the four bytes are found bit by bit, from the difference that each of their bits makes.</summary>
    private static byte[] WithCrc(ReadOnlySpan<byte> text, uint wanted)
    {
        byte[] whole = [.. text, 0, 0, 0, 0];
        uint Crc(uint last)
        {
            BitConverter.TryWriteBytes(whole.AsSpan(^4..), last);
            return Crc32.HashToUInt32(whole);
        }

        uint none = Crc(0);
        List<(uint Effect, uint Bits)> basis = [];
        for (int bit = 0; bit < 32; bit++)
        {
            (uint effect, uint bits) = (Crc(1u << bit) ^ none, 1u << bit);
            foreach ((uint other, uint theirs) in basis)
            {
                if ((effect ^ other) < effect)
                {
                    (effect, bits) = (effect ^ other, bits ^ theirs);
                }
            }

            basis.Add((effect, bits));
            basis.Sort((a, b) => b.Effect.CompareTo(a.Effect));
        }

        (uint left, uint found) = (wanted ^ none, 0);
        foreach ((uint effect, uint bits) in basis)
        {
            if ((left ^ effect) < left)
            {
                (left, found) = (left ^ effect, found ^ bits);
            }
        }

        Assert.Equal(wanted, Crc(found));
        return whole;
    }
}
