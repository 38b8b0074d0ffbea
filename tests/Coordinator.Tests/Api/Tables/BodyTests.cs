using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceFusion.Batch.Coordinator.Tests.Support;

namespace FaceFusion.Batch.Coordinator.Tests.Api.Tables;

/// <summary>JSON that is none, or says what cannot be: over every operation that takes some.</summary>
public sealed class BodyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_ThatIsNone_Is400_OnEveryOperation()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach (ApiOperation operation in world.Operations.Where(o => o.TakesJson))
        {
            string good = world.BodyOf(operation).Trim();
            string deep = string.Concat(Enumerable.Repeat("{\"a\":[", 500));
            Dictionary<string, byte[]> bodies = new()
            {
                ["nothing"] = [],
                ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(good)],
                ["UTF-16"] = Encoding.Unicode.GetBytes(good),
                ["bytes that are no UTF-8"] = [.. "{\""u8, 0xFF, 0xC0, .. "\":1}"u8],
                ["a lone surrogate"] = Encoding.UTF8.GetBytes("{\"\\ud800\":1}"),
                ["a zero byte"] = [.. Encoding.UTF8.GetBytes(good), 0],
            };
            string[] texts =
            [
                "{",
                good[..^1],
                $"{good[..^1]},}}",
                $"{good},",
                $"{good}{good}",
                $"/* */{good}",
                good.Replace('"', '\''),
                "null",
                "[]",
                "1",
                "true",
                "\"text\"",
                "NaN",
                deep,
                $"{{\"a\":{new string('[', 1000)}{new string(']', 1000)}}}",
            ];
            foreach (string text in texts.Where(t => t != good))
            {
                bodies[text.Length > 60 ? $"{text[..60]}…" : text] = Encoding.UTF8.GetBytes(text);
            }

            foreach ((string name, byte[] body) in bodies)
            {
                Told told = await SendAsync(host, world, operation, body);
                bool isRight = told is { Status: 400, Code: "INVALID_REQUEST" } && operation.Tells(400, told.Code);
                found.Require(isRight, $"{operation} with {name}: {told}");
                found.Require(!told.Text.Contains("FaceFusion", StringComparison.Ordinal), told.Text);
            }
        }

        found.Done(atLeast: 200);
        Assert.Equal(before, await world.CountAsync());
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fields_UnknownRepeatedOrOfTheWrongKind_Are400WithAPointer_OnEveryOperation(string database)
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder, database);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach (ApiOperation operation in world.Operations.Where(o => o.TakesJson))
        {
            string good = world.BodyOf(operation);
            await RefusedAsync(JsonPlaces.With(good, "/zzz", "1"), "/zzz");
            foreach ((string at, JsonNode value) in JsonPlaces.All(good))
            {
                string name = at.Split('/')[^1];
                bool isField = !int.TryParse(name, out _) && !IsChosenByTheClient(at);
                if (isField)
                {
                    string wrong = $"{char.ToUpperInvariant(name[0])}{name[1..]}";
                    string expected =
                        name == "processor" ? at[..^name.Length].TrimEnd('/') : at[..^name.Length] + wrong;
                    await RefusedAsync(JsonPlaces.Renamed(good, at, wrong), expected);
                    string twice = $"{value.ToJsonString()},\"{name}\":{value.ToJsonString()}";
                    await RefusedAsync(JsonPlaces.With(good, at, twice), name == "processor" ? null : at);
                }

                foreach (string kind in WrongKinds(value))
                {
                    await RefusedAsync(JsonPlaces.With(good, at, kind), name == "processor" ? null : at);
                }
            }

            async Task RefusedAsync(string body, string? pointer)
            {
                Told told = await SendAsync(host, world, operation, Encoding.UTF8.GetBytes(body));
                bool isRight =
                    told is { Status: 400, Code: "INVALID_REQUEST" }
                    && (pointer is null || told.Pointers.Contains(pointer) || told.Pointers.Contains($"{pointer}/0"));
                found.Require(isRight, $"{operation} not {pointer} in {body}: {told}");
            }
        }

        found.Done(atLeast: 300);
        Assert.Equal(before, await world.CountAsync());
    }

    [Fact]
    public async Task Bodies_Of100Megabytes_Are413_OnEveryOperation_BeforeTheyHaveCome()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach (ApiOperation operation in world.Operations.Where(o => o.TakesJson))
        {
            string line = $"{operation.Method} {world.AddressOf(operation)}";
            string[] fields = ["Content-Type: application/json", "If-Match: *"];
            using RawHttp said = await RawHttp.OpenAsync(host);
            await said.SayAsync(host.Acme, line, [.. fields, "Content-Length: 104857600"]);
            await AssertAsync(said, "said to be so long");
            using RawHttp endless = await RawHttp.OpenAsync(host);
            await endless.SayAsync(host.Acme, line, [.. fields, "Transfer-Encoding: chunked"]);
            string chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
            for (int i = 0; i < 17; i++)
            {
                await endless.SendAsync(chunk);
            }

            await AssertAsync(endless, "that does not end");

            async Task AssertAsync(RawHttp raw, string what)
            {
                (int status, string text) = await raw.HearAsync();
                bool isRight = status == 413 && text.Contains("TOO_LARGE", StringComparison.Ordinal);
                found.Require(isRight && operation.Tells(413, "TOO_LARGE"), $"{operation} {what}: {text}");
            }
        }

        found.Done(atLeast: 12);
        Assert.Equal(before, await world.CountAsync());
    }

    public static TheoryData<string, string, string[]> OutOfRange =>
        new()
        {
            { "createJob", "/priority", ["-1", "101", "1000000000"] },
            { "createJob", "/chunkFrames", ["0", "7", "-1", "100001", "1000000"] },
            { "createJob", "/sources/0", ["\"\"", "\"src_\"", "\"a\"", "\"../../etc/passwd\""] },
            { "createJob", "/target", ["\"\"", "\"https://example.org/a.mp4\"", "\"/etc/passwd\"", "\"upl_0\""] },
            { "createJob", "/recipe/processors/0/strength", ["-0.1", "1.1", "1e300"] },
            { "createJob", "/recipe/processors/1/coverGaps", ["-1", "121"] },
            { "createJob", "/recipe/processors/1/grow", ["-1", "2.5"] },
            { "createJob", "/recipe/processors", ["[]"] },
            { "createJob", "/recipe/processors/1", ["null"] },
            { "createJob", "/recipe/faces/minScore", ["0", "1", "-3"] },
            { "createJob", "/recipe/faces/map", ["{}", "{\"0\":\"a\"}", "{\"1\":\"nobody\"}", "{\"1\":null}"] },
            { "createJob", "/recipe/encode/crf", ["-1", "52"] },
            { "createJob", "/recipe/encode/preset", ["\"\"", "\"-i /etc/passwd\"", "\"not known to anyone\""] },
            { "createJob", "/recipe/encode/encoder", ["\"libvpx\"", "\"\""] },
            { "createJob", "/recipe/tracking/detectEvery", ["0", "13"] },
            { "createJob", "/labels/k", ["null", "\"\"", "\"a b\"", "\"\\u001b[31m\"", "\"<script>\"", "\"a\\nb=c\""] },
            { "patchJob", "/priority", ["-1", "101", "1000000000"] },
            { "patchJob", "/labels/k", ["\"\"", "\"a=b\"", "\"\\u202e\""] },
            { "createUpload", "/sizeBytes", ["-1", "-9223372036854775808"] },
            { "createUpload", "/sha256", ["\"\"", "\"ABCD\"", "\"../../..\""] },
            { "createUpload", "/fileName", ["\"\""] },
            { "createSource", "/name", ["\"\"", "\"A\"", "\"a/b\"", "\"..\"", "\"<b>\"", "\"\\u0000\""] },
            { "createSource", "/uploads", ["[]"] },
            { "createSource", "/uploads/0", ["\"upl_0\"", "\"\""] },
        };

    [Fact]
    public async Task Values_OutOfTheirRange_Are400WithAPointer_AndNothingIsMade()
    {
        await using ApiHost host = await ApiWorld.HostAsync(_folder);
        ApiWorld world = await ApiWorld.MakeAsync(host);
        string before = await world.CountAsync();
        Findings found = new();
        foreach ((string id, string at, string[] values) in OutOfRange.Select(row => row.Data))
        {
            ApiOperation operation = world.Operations.Single(o => o.Id == id);
            foreach (string value in values)
            {
                string body = JsonPlaces.With(world.BodyOf(operation), at, value);
                Told told = await SendAsync(host, world, operation, Encoding.UTF8.GetBytes(body));
                bool isRight = told.Status == 400 && told.Pointers.Contains(at) && operation.Tells(400, told.Code);
                found.Require(isRight, $"{operation} with {value} at {at}: {told}");
            }
        }

        ApiOperation make = world.Operations.Single(o => o.Id == "createJob");
        string labels = string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\""));
        string many = JsonPlaces.With(world.BodyOf(make), "/labels", $"{{{labels}}}");
        Told refused = await SendAsync(host, world, make, Encoding.UTF8.GetBytes(many));
        found.Require(refused.Status == 400 && refused.Pointers.Contains("/labels"), $"17 labels: {refused}");
        found.Done(atLeast: 60);
        Assert.Equal(before, await world.CountAsync());
    }

    /// <summary>Keys of maps: any may be.</summary>
    private static bool IsChosenByTheClient(string pointer) =>
        pointer.Contains("/labels/", StringComparison.Ordinal) || pointer.Contains("/map/", StringComparison.Ordinal);

    private static string[] WrongKinds(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.Number =>
            [
                $"\"{value.ToJsonString()}\"",
                "-0",
                "1e999",
                "-1e999",
                "NaN",
                "Infinity",
                "+1",
                "00",
                "0x1",
                "1.",
                "true",
                "{}",
                "[]",
                .. value.ToJsonString().Contains('.')
                    ? (string[])["-0.0", "-0e5"]
                    : ["1.5", "1e2", "99999999999999999999999"],
            ],
            JsonValueKind.String => ["1", "{}", "[]", "true", "\"\\ud800\""],
            JsonValueKind.True or JsonValueKind.False => ["1", "\"true\"", "null", "{}"],
            JsonValueKind.Array => ["{}", "\"a\"", "1", "[1]"],
            _ => ["[]", "\"a\"", "1", "true"],
        };

    private static Task<Told> SendAsync(ApiHost host, ApiWorld world, ApiOperation operation, byte[] body)
    {
        HttpRequestMessage request = world.RequestOf(operation);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.Add("Content-Type", "application/json");
        return Told.OfAsync(host.Acme, request);
    }
}
