using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>Colour tags as encoder options. Raw frames carry none, so each is said again; what the target does not say is not invented.</summary>
internal static class ColorTags
{
    public static IEnumerable<string> Arguments(VideoFormat format)
    {
        List<string> arguments = [];
        Add(arguments, "-color_range", format.ColorRange);
        Add(arguments, "-colorspace", format.ColorSpace == "gbr" ? "rgb" : format.ColorSpace);
        Add(arguments, "-color_primaries", format.ColorPrimaries);
        Add(arguments, "-color_trc", TransferOption(format.ColorTransfer));
        Add(arguments, "-chroma_sample_location", format.ChromaLocation);
        return arguments;
    }

    // ffprobe prints the standards' names, the option takes ffmpeg's own for these.
    private static string TransferOption(string transfer) =>
        transfer switch
        {
            "bt470m" => "gamma22",
            "bt470bg" => "gamma28",
            "log100" => "log",
            "log316" => "log_sqrt",
            "bt1361e" => "bt1361",
            _ => transfer,
        };

    private static void Add(List<string> arguments, string option, string value)
    {
        if (value is not ("unknown" or "unspecified"))
        {
            arguments.Add(option);
            arguments.Add(value);
        }
    }
}
