namespace FaceFusion.Batch.Media.Tools;

/// <summary>What a child process is for, and what it may take from the machine; enforced by <c>prlimit</c> where it exists.</summary>
/// <param name="Purpose">In a few words; the name of its span in a trace. A caller with a narrower one says it.</param>
/// <param name="AddressSpaceBytes">Virtual memory, thread stacks and allocator reserves included; 0: no bound.</param>
/// <param name="CpuSeconds">User and system time together; the kernel ends the process beyond it.</param>
/// <param name="FileBytes">Largest file it may write; 0: it may write to pipes only.</param>
/// <param name="OpenFiles">File descriptors.</param>
public sealed record ToolLimits(
    string Purpose,
    long AddressSpaceBytes,
    long CpuSeconds,
    long FileBytes,
    int OpenFiles = 256
)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>For <see cref="AddressSpaceBytes"/>: no bound.</summary>
    public const long Unbounded = 0;

    /// <summary>Reading a header, or listing packets.</summary>
    public static ToolLimits Probing { get; } = new("probe", 4 * Gibibyte, 3_600, 0);

    /// <summary>Decoding frames of the given size to a pipe; a codec keeps up to 16 references and some threads' frames.</summary>
    public static ToolLimits Decoding(long frameBytes) => new("decode", (4 * Gibibyte) + (64 * frameBytes), 86_400, 0);

    /// <summary>Encoding frames of the given size; lookahead and references of the slowest preset.</summary>
    public static ToolLimits Encoding(long frameBytes) =>
        new("encode", (6 * Gibibyte) + (300 * frameBytes), 86_400, 256 * Gibibyte);

    /// <summary>Copying packets from one container to another.</summary>
    public static ToolLimits Copying { get; } = new("copy", 4 * Gibibyte, 86_400, 4_096 * Gibibyte);
}
