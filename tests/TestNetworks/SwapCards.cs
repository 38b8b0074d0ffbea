using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Cards of swap networks and of what they need, as the catalogue has them, and generated networks to match.</summary>
public static class SwapCards
{
    private static readonly PerChannel ImageMean = new(123.675f, 116.28f, 103.53f);
    private static readonly PerChannel ImageStd = new(58.395f, 57.12f, 57.375f);

    public static IReadOnlyList<ModelCard> Swappers { get; } =
    [
        Unit("blendswap_256", "blendswap", 256, "ffhq_512", "image") with
        {
            SourceTemplate = "arcface_112_v2",
        },
        Centred("ghost_1_256", "ghost", "arcface_112_v1", "converted", "crossface_ghost"),
        Centred("hififace_unofficial_256", "hififace", "mtcnn_512", "converted-unit", "crossface_hififace"),
        Centred("hyperswap_1a_256", "hyperswap", "arcface_128", "embedding-unit"),
        Unit("inswapper_128", "inswapper", 128, "arcface_128", "projected"),
        Unit("inswapper_128_fp16", "inswapper", 128, "arcface_128", "projected"),
        Swapper("simswap_256", "simswap", 256, "arcface_112_v1", "converted-unit", ImageMean, ImageStd) with
        {
            Output = new ModelOutput(),
            Needs = ["crossface_simswap"],
        },
        Unit("simswap_unofficial_512", "simswap", 512, "arcface_112_v1", "converted-unit") with
        {
            Needs = ["crossface_simswap"],
        },
        Centred("uniface_256", "uniface", "ffhq_512", "image") with
        {
            SourceTemplate = "ffhq_512",
        },
    ];

    public static ModelCard Recogniser { get; } =
        new()
        {
            Id = "arcface",
            Role = "embedding",
            Family = "arcface",
            Licence = "MIT",
            Template = "arcface_112_v2",
            Input = new ModelInput
            {
                Width = 112,
                Height = 112,
                Mean = new PerChannel(127.5f),
                Std = new PerChannel(127.5f),
            },
        };

    public static ModelCard Occluder(string id) =>
        new()
        {
            Id = id,
            Role = "occluder",
            Family = "xseg",
            Licence = "MIT",
            Input = new ModelInput
            {
                Width = 256,
                Height = 256,
                Channels = "bgr",
                Layout = "nhwc",
                Std = new PerChannel(255),
            },
        };

    public static ModelCard Parser { get; } =
        new()
        {
            Id = "bisenet_resnet_34",
            Role = "parser",
            Family = "bisenet",
            Licence = "MIT",
            Input = new ModelInput
            {
                Width = 512,
                Height = 512,
                Mean = ImageMean,
                Std = ImageStd,
            },
        };

    public static ModelCard Of(string id) => Swappers.Single(card => card.Id == id);

    /// <summary>The named swapper and the networks that it needs.</summary>
    public static NetworkFolder Folder(string id, SwapLook look, bool openBatch = false)
    {
        NetworkFolder folder = new();
        ModelCard card = Of(id);
        foreach (string converter in card.Needs)
        {
            folder.Add(
                new ModelCard
                {
                    Id = converter,
                    Role = "converter",
                    Family = "crossface",
                    Licence = "MIT",
                },
                SwapNetworks.Converter(converter)
            );
        }

        folder.Add(Recogniser, SwapNetworks.Recogniser(Recogniser.Id));
        folder.Add(
            card,
            SwapNetworks.Swapper(
                card,
                look,
                openBatch,
                halfProjection: id.EndsWith("fp16", StringComparison.Ordinal),
                sourceSize: card.SourceTemplate == "ffhq_512" ? 256 : 112
            )
        );
        return folder;
    }

    private static ModelCard Centred(
        string id,
        string family,
        string template,
        string source,
        params IReadOnlyList<string> needs
    ) =>
        Swapper(id, family, 256, template, source, new PerChannel(127.5f), new PerChannel(127.5f)) with
        {
            Output = new ModelOutput { Mean = new PerChannel(127.5f), Std = new PerChannel(127.5f) },
            Needs = needs,
        };

    private static ModelCard Unit(string id, string family, int size, string template, string source) =>
        Swapper(id, family, size, template, source, default, new PerChannel(255)) with
        {
            Output = new ModelOutput(),
        };

    private static ModelCard Swapper(
        string id,
        string family,
        int size,
        string template,
        string source,
        PerChannel mean,
        PerChannel std
    ) =>
        new()
        {
            Id = id,
            Role = "fuser",
            Family = family,
            Licence = "MIT",
            Template = template,
            Source = source,
            Input = new ModelInput
            {
                Name = "target",
                Width = size,
                Height = size,
                Mean = mean,
                Std = std,
            },
        };
}
