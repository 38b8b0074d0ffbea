namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>Command lines of jobs, with the fast preset where a test does not ask for another.</summary>
internal static class Order
{
    /// <summary>Of the portrait into the talking head where nothing else is said.</summary>
    public static string[] Fuse(string output, string? source = null, string? target = null, params string[] more) =>
        ["fuse", "--source", source ?? Clips.Portrait, .. Job(output, target, more)];

    public static string[] Redact(string output, string? target = null, params string[] more) =>
        ["redact", .. Job(output, target, more)];

    /// <summary>Whatever the command: what every job needs.</summary>
    public static string[] Job(string output, string? target = null, params string[] more) =>
        ["--target", target ?? Clips.Talking, "--output", output, "--preset", "veryfast", .. more];

    /// <summary>Encoded without loss, so that the frames which went to the encoder can be read back from the result.</summary>
    public static string[] Lossless => ["--crf", "0"];
}
