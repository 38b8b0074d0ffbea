using System.Buffers.Binary;
using System.Text;

namespace FaceFusion.Batch.Faces.Tests.Devices;

/// <summary>A shared library for 64 bit Linux without code, which names another one that it needs (ELF, System V ABI).</summary>
internal static class EmptyLibrary
{
    private const int HeaderBytes = 64;
    private const int SegmentBytes = 56;
    private const int Segments = 2;
    private const int DynamicAt = HeaderBytes + (Segments * SegmentBytes);
    private const int DynamicEntries = 6;
    private const int SymbolBytes = 24;
    private const int SymbolsAt = DynamicAt + (DynamicEntries * 16);
    private const int NamesAt = SymbolsAt + SymbolBytes;

    public static byte[] Needing(string library)
    {
        byte[] names = [0, .. Encoding.ASCII.GetBytes(library), 0];
        byte[] file = new byte[NamesAt + names.Length];
        names.CopyTo(file, NamesAt);
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        Short(file, 16, 3); // shared object
        Short(file, 18, 62); // x86-64
        Word(file, 20, 1);
        Long(file, 32, HeaderBytes);
        Short(file, 52, HeaderBytes);
        Short(file, 54, SegmentBytes);
        Short(file, 56, Segments);
        Segment(file, HeaderBytes, kind: 1, at: 0, length: file.Length, alignment: 4096); // loaded
        Segment(file, HeaderBytes + SegmentBytes, kind: 2, at: DynamicAt, length: DynamicEntries * 16, alignment: 8); // dynamic
        (long Tag, long Value)[] entries =
        [
            (1, 1), // needed: the name behind the first zero
            (5, NamesAt), // names
            (10, names.Length), // of so many bytes
            (6, SymbolsAt), // symbols
            (11, SymbolBytes), // of so many bytes each
            (0, 0),
        ];
        for (int i = 0; i < entries.Length; i++)
        {
            Long(file, DynamicAt + (16 * i), entries[i].Tag);
            Long(file, DynamicAt + (16 * i) + 8, entries[i].Value);
        }

        return file;
    }

    private static void Segment(byte[] file, int place, int kind, long at, long length, long alignment)
    {
        Word(file, place, kind);
        Word(file, place + 4, 6); // read and write: the loader relocates the dynamic section
        Long(file, place + 8, at);
        Long(file, place + 16, at);
        Long(file, place + 24, at);
        Long(file, place + 32, length);
        Long(file, place + 40, length);
        Long(file, place + 48, alignment);
    }

    private static void Short(byte[] file, int at, short value) =>
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);

    private static void Word(byte[] file, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);

    private static void Long(byte[] file, int at, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
}
