using System.Net;
using System.Net.Sockets;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Each bad input has its exit code and one helpful sentence, and leaves nothing behind.</summary>
public sealed class BadInputTests
{
    [Fact]
    public Task Source_WithoutAFace_IsRefused() =>
        RefusedAsync(
            "source-no-face",
            2,
            folder =>
            {
                Clips.Make(folder["wall.png"], "-f", "lavfi", "-i", "gradients=size=400x400:seed=1", "-frames:v", "1");
                return Fuse(folder, source: folder["wall.png"]);
            },
            inputs: ["wall.png"]
        );

    [Fact]
    public Task Source_WithTwoFaces_IsRefused() =>
        RefusedAsync(
            "source-many-faces",
            2,
            folder =>
            {
                Clips.Make(
                    folder["two.png"],
                    "-i",
                    Clips.Portrait,
                    "-i",
                    Footage.Path("SeanConnery.jpg"),
                    "-filter_complex",
                    "[0]scale=-2:600[a];[1]scale=-2:600[b];[a][b]hstack",
                    "-frames:v",
                    "1"
                );
                return Fuse(folder, source: folder["two.png"]);
            },
            inputs: ["two.png"]
        );

    [Fact]
    public Task Source_NotAPicture_IsRefused() =>
        RefusedAsync("source-not-image", 2, folder => Fuse(folder, source: Text(folder, "me.jpg")), inputs: ["me.jpg"]);

    [Fact]
    public Task Source_Missing_IsNotFound() =>
        RefusedAsync("source-missing", 6, folder => Fuse(folder, source: folder["nobody.jpg"]));

    [Fact]
    public Task Target_Missing_IsNotFound() =>
        RefusedAsync("video-missing", 6, folder => Fuse(folder, target: folder["nothing.mp4"]));

    [Fact]
    public Task Target_NotAVideo_IsRefused() =>
        RefusedAsync(
            "video-not-readable",
            2,
            folder => Fuse(folder, target: Text(folder, "clip.mp4")),
            inputs: ["clip.mp4"]
        );

    [Fact]
    public Task Target_Empty_IsRefused() =>
        RefusedAsync(
            "video-empty",
            2,
            folder => Fuse(folder, target: Write(folder, "clip.mp4", [])),
            inputs: ["clip.mp4"]
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Target_Truncated_IsRefused(bool indexFirst) =>
        RefusedAsync(
            "video-truncated",
            2,
            folder =>
            {
                Clips.Make(
                    folder["whole.mp4"],
                    ["-i", Clips.Talking, "-c", "copy", .. indexFirst ? new[] { "-movflags", "+faststart" } : []]
                );
                byte[] whole = File.ReadAllBytes(folder["whole.mp4"]);
                File.Delete(folder["whole.mp4"]);
                return Fuse(folder, target: Write(folder, "clip.mp4", whole[..(whole.Length / 2)]));
            },
            inputs: ["clip.mp4"]
        );

    [Fact]
    public Task Target_Encrypted_IsRefused() =>
        RefusedAsync(
            "video-encrypted",
            2,
            folder =>
            {
                Clips.Make(
                    folder["clip.mp4"],
                    "-i",
                    Clips.Talking,
                    "-c",
                    "copy",
                    "-encryption_scheme",
                    "cenc-aes-ctr",
                    "-encryption_key",
                    "76a6c65c5ea762046bd749a2e632ccbb",
                    "-encryption_kid",
                    "a7e61c373e219033c21091fa607bf3b8"
                );
                return Fuse(folder, target: folder["clip.mp4"]);
            },
            inputs: ["clip.mp4"]
        );

    [Fact]
    public Task Target_WithoutVideo_IsRefused() =>
        RefusedAsync(
            "video-no-stream",
            2,
            folder =>
            {
                Clips.Make(folder["clip.mp4"], "-i", Clips.Talking, "-vn", "-c", "copy");
                return Fuse(folder, target: folder["clip.mp4"]);
            },
            inputs: ["clip.mp4"]
        );

    [Fact]
    public Task Target_PixelBomb_IsRefused() =>
        RefusedAsync(
            "video-too-large",
            2,
            folder =>
            {
                Clips.Make(
                    folder["clip.mov"],
                    "-f",
                    "lavfi",
                    "-i",
                    "color=size=16000x16000:rate=1",
                    "-frames:v",
                    "1",
                    "-c:v",
                    "png",
                    "-pix_fmt",
                    "monob"
                );
                return Fuse(folder, target: folder["clip.mov"]);
            },
            inputs: ["clip.mov"]
        );

    [Fact]
    public async Task Target_PlaylistNamedMp4_IsRefusedAndNothingIsRequested()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await RefusedAsync(
            "video-not-allowed",
            2,
            folder =>
                Fuse(
                    folder,
                    target: Write(
                        folder,
                        "clip.mp4",
                        VideoFacts.Text(
                            $"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:{port}/a.ts\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
                        )
                    )
                ),
            inputs: ["clip.mp4"]
        );

        Assert.False(listener.Pending());
    }

    [Fact]
    public Task Output_FolderMissing_IsRefused() =>
        RefusedAsync("output-folder-missing", 2, folder => Fuse(folder, output: folder["no/such/out.mp4"]));

    [Fact]
    public Task Output_NotWritable_IsRefused() =>
        RefusedAsync(
            "output-not-writable",
            2,
            folder =>
            {
                // Permissions do not bind root, but nobody can make a file in /sys.
                string closed = Environment.IsPrivilegedProcess ? "/sys" : Closed(folder);
                return Fuse(folder, output: Path.Combine(closed, "out.mp4"));
            },
            inputs: Environment.IsPrivilegedProcess ? [] : ["closed"]
        );

    [Fact]
    public Task Output_OverTheTarget_IsRefused() =>
        RefusedAsync(
            "output-is-input",
            2,
            folder =>
            {
                File.Copy(Clips.Talking, folder["clip.mp4"]);
                return Fuse(folder, target: folder["clip.mp4"], output: folder["clip.mp4"]);
            },
            inputs: ["clip.mp4"]
        );

    [Fact]
    public Task Recipe_UnknownField_IsRefusedByName() =>
        RefusedAsync(
            "recipe-json",
            2,
            folder =>
                [
                    .. Fuse(folder),
                    "--recipe",
                    Write(
                        folder,
                        "recipe.json",
                        VideoFacts.Text("""{"processors":[{"processor":"swap","strengh":1}]}""")
                    ),
                ],
            inputs: ["recipe.json"],
            says: "strengh"
        );

    [Fact]
    public Task Recipe_ValueOutOfRange_IsRefusedByName() =>
        RefusedAsync(
            "recipe-value",
            2,
            folder =>
                [
                    .. Fuse(folder),
                    "--recipe",
                    Write(
                        folder,
                        "recipe.json",
                        VideoFacts.Text("""{"processors":[{"processor":"swap","strength":3}]}""")
                    ),
                ],
            inputs: ["recipe.json"],
            says: "processors.swap.strength"
        );

    [Fact]
    public async Task Model_WithOneBitFlipped_IsRefused()
    {
        using TestFolder folder = new();
        using TestFolder models = new();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Footage.SolutionFolder(), "models")))
        {
            File.Copy(file, models[Path.GetFileName(file)]);
        }

        string damaged = models["mobilefacenet.onnx"];
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(damaged, bytes);

        FfbResult run = await Ffb.RunAsync(
            new Dictionary<string, string> { ["FFB_MODELS"] = models.FullName },
            Fuse(folder)
        );

        Refused(run, folder, "model-hash", 2, []);
    }

    private static async Task RefusedAsync(
        string code,
        int exit,
        Func<TestFolder, string[]> arguments,
        string[]? inputs = null,
        string? says = null
    )
    {
        using TestFolder folder = new();
        FfbResult run = await Ffb.RunAsync(arguments(folder));
        Refused(run, folder, code, exit, inputs ?? []);
        Assert.Contains(says ?? "", run.Error, StringComparison.Ordinal);
    }

    private static void Refused(FfbResult run, TestFolder folder, string code, int exit, string[] inputs)
    {
        Assert.True(run.Exit == exit, $"{run.Exit}: {run.Error}");
        string complaint = Assert.Single(run.Complaints);
        Assert.EndsWith($"({code})", complaint, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(inputs, folder.Entries);
    }

    private static string[] Fuse(
        TestFolder folder,
        string? source = null,
        string? target = null,
        string? output = null
    ) => Order.Fuse(output ?? folder["out.mp4"], source, target);

    private static string Text(TestFolder folder, string name) =>
        Write(folder, name, VideoFacts.Text("Dear reader, this is neither a picture nor a video.\n"));

    private static string Write(TestFolder folder, string name, byte[] content)
    {
        File.WriteAllBytes(folder[name], content);
        return folder[name];
    }

    private static string Closed(TestFolder folder)
    {
        DirectoryInfo closed = Directory.CreateDirectory(folder["closed"]);
        _ = Clips.Ask("chmod", "555", closed.FullName);
        return closed.FullName;
    }
}
