using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Cards of the models with which faces are found, as the catalogue has them but for file and licence.</summary>
public static class FindingCards
{
    public static ModelCard Retinaface { get; } = Detector("retinaface", "retinaface", 127.5f, 128);

    public static ModelCard Scrfd { get; } = Detector("scrfd", "scrfd", 127.5f, 128);

    public static ModelCard YoloFace { get; } = Detector("yolo_face", "yolo-face", 0, 255);

    public static ModelCard Yunet { get; } = Detector("yunet", "yunet", 0, 1);

    public static ModelCard Fan { get; } = Landmarks("2dfan4", "fan");

    public static ModelCard Peppa { get; } = Landmarks("peppa_wutz", "peppa-wutz");

    public static ModelCard Expander { get; } =
        Generated("fan_68_5", "landmarks", "fan-68-5", null) with
        {
            Template = "ffhq_512",
        };

    public static ModelCard Arcface { get; } =
        Generated(
            "arcface",
            "embedding",
            "arcface",
            Picture(112, "rgb", new PerChannel(127.5f), new PerChannel(127.5f))
        ) with
        {
            Template = "arcface_112_v2",
        };

    public static ModelCard Fairface { get; } =
        Generated(
            "fairface",
            "classifier",
            "fairface",
            Picture(224, "rgb", new PerChannel(123.675f, 116.28f, 103.53f), new PerChannel(58.395f, 57.12f, 57.375f))
        ) with
        {
            Template = "arcface_112_v2",
        };

    private static ModelCard Detector(string id, string family, float mean, float std) =>
        Generated(id, "detector", family, Picture(640, "bgr", new PerChannel(mean), new PerChannel(std)));

    private static ModelCard Landmarks(string id, string family) =>
        Generated(id, "landmarks", family, Picture(256, "bgr", new PerChannel(0), new PerChannel(255)));

    private static ModelInput Picture(int size, string channels, PerChannel mean, PerChannel std) =>
        new()
        {
            Width = size,
            Height = size,
            Channels = channels,
            Mean = mean,
            Std = std,
        };

    private static ModelCard Generated(string id, string role, string family, ModelInput? input) =>
        new()
        {
            Id = id,
            Role = role,
            Family = family,
            Input = input,
            Licence = "MIT",
            LicenceClass = "permissive",
            Provenance = "Generated for tests.",
        };
}
