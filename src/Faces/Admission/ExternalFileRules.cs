using System.Globalization;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>
/// Constants whose bytes lie in another file. The place is a text of the model: only a plain file name in the model's own folder is
/// followed, never a path, a link or an address in memory (the runtime's mark for constants of its own is <c>*/_ORT_MEM_ADDR_/*</c>).
/// </summary>
internal static class ExternalFileRules
{
    private const string Code = "model-external-data";

    public static void Judge(OnnxTensor tensor, long bytes, string? folder, FindingList findings)
    {
        string location = tensor.External!.GetValueOrDefault("location", "");
        if (WrongName(location) is { } why)
        {
            findings.Refuse(
                Code,
                $"The constant {tensor.Name} lies in {location}, which is {new Words(why)}: export the model as one file."
            );
        }
        else if (folder is null)
        {
            findings.Refuse(
                Code,
                $"The constant {tensor.Name} lies in another file, {location}: export the model as one file, whose hash covers all of it."
            );
        }
        else if (WrongFile(new FileInfo(Path.Combine(folder, location)), tensor, bytes) is { } reason)
        {
            findings.Refuse(
                Code,
                $"The constant {tensor.Name} lies in {location}, {new Words(reason)}: fetch both files again."
            );
        }
        else
        {
            findings.Warn(
                "external-data",
                $"The constant {tensor.Name} lies in {location} beside the model. Such a model can be checked, and not put in a catalogue: export it as one file."
            );
        }
    }

    private static string? WrongName(string location) =>
        location switch
        {
            "" => "no name",
            _ when location.Contains("_ORT_MEM_ADDR_", StringComparison.OrdinalIgnoreCase) => "an address in memory",
            _ when location[0] is '/' or '\\' || location.Contains(':') => "an absolute path",
            "." or ".." => "a folder",
            _ when location.AsSpan().ContainsAny('/', '\\') => "a path, and not the name of a file beside the model",
            _ when location.AsSpan().ContainsAnyInRange('\0', '\x1f') => "no name of a file",
            _ => null,
        };

    private static string? WrongFile(FileInfo file, OnnxTensor tensor, long bytes)
    {
        if (!file.Exists)
        {
            return "which is not there";
        }

        if (file.LinkTarget is not null)
        {
            return "which is a link";
        }

        bool isPlaced =
            TryNumber(tensor, "offset", 0, out long offset) & TryNumber(tensor, "length", bytes, out long length)
            && length == bytes
            && offset <= file.Length
            && length <= file.Length - offset;
        return isPlaced ? null : "which does not hold the bytes that its shape asks for";
    }

    private static bool TryNumber(OnnxTensor tensor, string key, long otherwise, out long number)
    {
        number = otherwise;
        return !tensor.External!.TryGetValue(key, out string? text)
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
