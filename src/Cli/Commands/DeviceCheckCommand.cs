using System.CommandLine;
using System.Globalization;
using FaceFusion.Batch.Cli.Checking;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Tools;
using Spectre.Console;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>
/// <c>ffb device-check</c>, not in the help: the built-in models on a device against the CPU, how equal and how fast. Needs no ffmpeg: the
/// photo is one raw frame. With a clip instead, whole jobs are compared.
/// </summary>
internal static class DeviceCheckCommand
{
    private static readonly int[] Batches = [1, 8, 32];

    private static readonly Option<string> Photo = new("--photo")
    {
        Description = "One frame as ffmpeg writes it with -f rawvideo -pix_fmt yuvj444p",
        HelpName = "FILE",
    };

    private static readonly Option<string> Size = new("--size")
    {
        Description = "Of the frame, in pixels",
        HelpName = "WIDTHxHEIGHT",
    };

    private static readonly Option<int> Milliseconds = new("--milliseconds")
    {
        Description = "How long each network is run for a figure",
        DefaultValueFactory = _ => 1000,
        HelpName = "N",
    };

    private static readonly Option<bool> FullPrecision = new("--full-precision")
    {
        Description = "Without TF32, as CUDA computes by default",
    };

    private static readonly Option<string> Clip = new("--clip")
    {
        Description =
            "Instead of a photo: a video of 8 bits to fuse on the CPU and on the device, whose results are compared",
        HelpName = "FILE",
    };

    private static readonly Option<string> Source = new("--source")
    {
        Description = "A photo of the face to put into the clip",
        HelpName = "PHOTO",
    };

    private static readonly Option<bool> BuiltInOnly = new("--built-in-only")
    {
        Description = "Without the swapper of half precision, which takes the CPU seconds for each frame of the clip",
    };

    private static readonly Option<string> Work = new("--work")
    {
        Description = "Folder for the results of the clip, to look at",
        DefaultValueFactory = _ => "device-check",
        HelpName = "FOLDER",
    };

    public static Command Create()
    {
        ExampledCommand command = new(
            "device-check",
            "Compare the built-in models on a device with the CPU",
            "ffb device-check --device cuda --photo portrait.yuv --size 1280x960",
            "ffb device-check --device cuda --clip clip.mp4 --source face.jpg"
        )
        {
            Hidden = true,
        };
        command.Options.Add(FleetOptions.Device.Option);
        command.Options.Add(Photo);
        command.Options.Add(Size);
        command.Options.Add(Milliseconds);
        command.Options.Add(FullPrecision);
        command.Options.Add(Clip);
        command.Options.Add(Source);
        command.Options.Add(BuiltInOnly);
        command.Options.Add(Work);
        command.SetAction(async parsed =>
            (int)(
                parsed.GetValue(Clip) is { } clip
                    ? await RunAsync(clip, parsed, CommonOptions.Terminal(parsed))
                    : Run(parsed, CommonOptions.Terminal(parsed))
            )
        );
        return command;
    }

    private static async Task<ExitCode> RunAsync(string clip, ParseResult parsed, Terminal terminal)
    {
        string source =
            parsed.GetValue(Source) ?? throw Setting.Wrong("--clip needs --source PHOTO, a face to put in.");
        using Interrupts interrupts = new(() => terminal.Note("Stopping; press Ctrl-C again to end at once."));
        DeviceChoice device = FleetOptions.ReadDevice(parsed);
        // What is not there is told before anything is made.
        _ = InferenceDevice.Open(device);
        ClipParity.Require(MediaTools.Locate(), Path.GetFullPath(clip), interrupts.Stop);
        string work = Directory.CreateDirectory(parsed.GetRequiredValue(Work)).FullName;
        ClipCheck check = new(Path.GetFullPath(clip), Path.GetFullPath(source), work, terminal);
        Dictionary<string, ClipParity> parities = new()
        {
            ["built-in"] = await check.BuiltInAsync(device, interrupts.Stop),
        };
        if (!parsed.GetValue(BuiltInOnly))
        {
            parities["inswapper-fp16"] = await check.SwapperAsync(device, interrupts.Stop);
        }

        terminal.Answer(
            new
            {
                Terminal.SchemaVersion,
                Folder = work,
                Clips = parities,
            },
            text =>
            {
                foreach ((string networks, ClipParity parity) in parities)
                {
                    text.Line($"{networks}: {parity}");
                }

                text.Line($"results {work}");
            }
        );
        return parities.Values.All(parity => parity.Holds) ? ExitCode.Ok : ExitCode.VerificationFailed;
    }

    private static ExitCode Run(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(Photo) is not { } path || parsed.GetValue(Size) is not { } size)
        {
            throw Setting.Wrong("Give --photo and --size, or --clip and --source.");
        }

        using FramePool frames = Read(path, size);
        Frame photo = frames.Rent(default);
        string folder = Installation.ModelsFolder();
        ProviderOptions options = ProviderOptions.FromEnvironment() with
        {
            IsTensorFloat = !parsed.GetValue(FullPrecision),
            // What is compared is the device.
            IsFindingOnCpu = false,
        };
        InferenceDevice device = InferenceDevice.Open(FleetOptions.ReadDevice(parsed).With(batch: 1), options);
        using FaceModels reference = FaceModels.Load(folder);
        using FaceModels models = FaceModels.Load(folder, device);
        using FaceModels again = FaceModels.Load(folder, device);
        PhotoParity parity = DeviceParity.Compare(reference, models, photo);
        IReadOnlyList<NetworkParity> networks = DeviceParity.Compare(reference, models, again);
        SpeedRow[] speeds =
        [
            .. Batches.SelectMany(batch => Speeds(reference, models, batch, parsed.GetValue(Milliseconds))),
        ];
        terminal.Answer(
            new
            {
                Terminal.SchemaVersion,
                Device = $"{device.Plan}",
                Runtime = InferenceRuntime.Describe(),
                Places = device.Places.Values,
                Photo = parity,
                Networks = networks,
                Speeds = speeds,
            },
            text => Print(text, device, parity, networks, speeds)
        );
        return ExitCode.Ok;
    }

    private static IEnumerable<SpeedRow> Speeds(FaceModels reference, FaceModels models, int batch, int milliseconds)
    {
        IReadOnlyDictionary<string, double> cpu = DeviceParity.Speed(reference, batch, milliseconds);
        IReadOnlyDictionary<string, double> other = DeviceParity.Speed(models, batch, milliseconds);
        return cpu.Select(pair => new SpeedRow(pair.Key, batch, pair.Value, other[pair.Key]));
    }

    private static void Print(
        Terminal terminal,
        InferenceDevice device,
        PhotoParity photo,
        IReadOnlyList<NetworkParity> networks,
        IReadOnlyList<SpeedRow> speeds
    )
    {
        terminal.Line($"runtime {InferenceRuntime.Describe()}");
        terminal.Line($"device  {device.Plan}");
        foreach (ModelPlace place in device.Places.Values)
        {
            terminal.Line($"model   {place}, class {place.DeviceClass}");
        }

        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"photo   {photo.Faces} faces, {photo.FacesOther} on the device; of {photo.FaceWidth:0} pixels width: boxes differ by {photo.BoxPixels:0.0000}, meshes by {photo.LandmarkPixels:0.0000} pixels; embeddings have cosine {photo.LeastCosine:0.0000000}"
            )
        );
        foreach (NetworkParity network in networks)
        {
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"noise   {network.Model}: relative L2 error {network.RelativeError:0.0e+0}, greatest {network.GreatestError:0.0e+0}, {(network.IsRepeatable ? "the same bits" : "OTHER BITS")} in a second session"
                )
            );
        }

        Table table = new Table { Border = TableBorder.Simple }
            .AddColumn("Network")
            .AddColumn(new TableColumn("At a time").RightAligned())
            .AddColumn(new TableColumn("CPU, one thread /s").RightAligned())
            .AddColumn(new TableColumn("Device /s").RightAligned());
        foreach (SpeedRow row in speeds)
        {
            _ = table.AddRow(row.Network, $"{row.Batch}", $"{row.Cpu:0}", $"{row.Device:0}");
        }

        terminal.Tables.Write(table);
    }

    private static FramePool Read(string path, string size)
    {
        string[] sides = size.Split('x');
        if (
            sides.Length != 2
            || !int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            || width * height == 0
        )
        {
            throw Setting.Wrong($"--size {size} is not WIDTHxHEIGHT, such as 1280x960.");
        }

        FrameFormat format = new(width, height, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center);
        if (!File.Exists(path) || new FileInfo(path).Length != format.FrameBytes)
        {
            throw new InvalidVideoException("video-missing", $"{path} is no frame of {format.FrameBytes} bytes.");
        }

        FramePool frames = new(format, 1);
        Frame frame = frames.Rent(default);
        File.ReadAllBytes(path).CopyTo(frame.Bytes);
        frames.Return(frame);
        return frames;
    }

    /// <summary>Inputs a second of a network.</summary>
    private sealed record SpeedRow(string Network, int Batch, double Cpu, double Device);
}
