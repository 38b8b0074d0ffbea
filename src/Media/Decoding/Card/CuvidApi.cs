using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// NVIDIA's video decoder, which comes with its driver. A parser is fed packets and calls back, on the thread that feeds it: when a sequence
/// begins, for each picture to decode, and for each whose turn to be shown has come. A decoder is given the former and hands out the latter.
/// All calls return 0 when they went well; callbacks return 0 when they did not.
/// </summary>
internal static class CuvidApi
{
    private const string Library = "libnvcuvid.so.1";

    /// <returns>How many surfaces the decoder has; 0: it takes no such sequence.</returns>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int SequenceCallback(nint user, in CuvidStructs.Sequence sequence);

    /// <param name="user">Not used.</param>
    /// <param name="picture">For <see cref="Decode"/>, as it is.</param>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int PictureCallback(nint user, nint picture);

    /// <param name="user">Not used.</param>
    /// <param name="shown">Which picture, and its timestamp.</param>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int ShownCallback(nint user, in CuvidStructs.Shown shown);

    [DllImport(Library, EntryPoint = "cuvidCreateVideoParser")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int CreateParser(out nint parser, in CuvidStructs.ParserParameters parameters);

    [DllImport(Library, EntryPoint = "cuvidParseVideoData")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Parse(nint parser, in CuvidStructs.Packet packet);

    [DllImport(Library, EntryPoint = "cuvidDestroyVideoParser")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int DestroyParser(nint parser);

    [DllImport(Library, EntryPoint = "cuvidCreateDecoder")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int CreateDecoder(out nint decoder, in CuvidStructs.DecoderParameters parameters);

    [DllImport(Library, EntryPoint = "cuvidDestroyDecoder")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int DestroyDecoder(nint decoder);

    [DllImport(Library, EntryPoint = "cuvidDecodePicture")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Decode(nint decoder, nint picture);

    [DllImport(Library, EntryPoint = "cuvidGetDecodeStatus")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int GetStatus(nint decoder, int picture, ref CuvidStructs.Status status);

    [DllImport(Library, EntryPoint = "cuvidMapVideoFrame64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Map(
        nint decoder,
        int picture,
        out ulong address,
        out uint pitch,
        in CuvidStructs.Mapping mapping
    );

    [DllImport(Library, EntryPoint = "cuvidUnmapVideoFrame64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Unmap(nint decoder, ulong address);
}
