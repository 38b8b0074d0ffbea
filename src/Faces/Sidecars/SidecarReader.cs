using System.IO.Compression;
using System.Numerics;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Recognition;

namespace FaceFusion.Batch.Faces.Sidecars;

/// <summary>Reads <see cref="SidecarFormat"/>.</summary>
internal sealed class SidecarReader : IDisposable
{
    private const int MaxKeyLength = 256;
    private const int MaxFrames = 1_000_000;
    private const int MaxFaces = 4096;

    private readonly BufferedStream _stream;
    private readonly int[] _previous = new int[TrackedFace.LandmarkCount * 3];

    private SidecarReader(Stream stream) => _stream = new BufferedStream(stream, 1 << 16);

    public static Sidecar Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var brotli = new BrotliStream(file, CompressionMode.Decompress);
            using var reader = new SidecarReader(brotli);
            return reader.ReadAll();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException)
        {
            throw new StorageException(
                "sidecar-damaged",
                $"The sidecar {Path.GetFileName(path)} is damaged ({e.Message}); run the job without it.",
                isTransient: false,
                inner: e
            );
        }
    }

    public void Dispose() => _stream.Dispose();

    private Sidecar ReadAll()
    {
        Demand(Int() == SidecarFormat.Magic, "it is not a sidecar");
        Demand(Int() == SidecarFormat.Version, "its version is another one");
        char[] key = new char[Count(MaxKeyLength)];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (char)Int();
        }

        int start = Count(int.MaxValue);
        int end = Count(int.MaxValue);
        Demand(end >= start && end - start <= MaxFrames, "its frame range is impossible");
        int width = Int();
        int height = Int();
        var frames = new SidecarFrame[end - start];
        for (int i = 0; i < frames.Length; i++)
        {
            bool isCut = Int() != 0;
            var faces = new SidecarFace[Count(MaxFaces)];
            for (int f = 0; f < faces.Length; f++)
            {
                faces[f] = Face();
            }

            frames[i] = new SidecarFrame(isCut, faces);
        }

        return new Sidecar(new string(key), new FrameRange(start, end), width, height, frames);
    }

    private SidecarFace Face()
    {
        int flags = Int();
        var face = new SidecarFace { Held = (flags & SidecarFormat.Held) != 0, Box = Box() };
        if ((flags & SidecarFormat.Mesh) != 0)
        {
            face.MeshScore = Unit();
            face.Color = new FaceColor(Pixels(), Pixels(), Pixels(), Pixels(), Pixels(), Pixels());
            face.Landmarks = new float[_previous.Length];
            for (int i = 0; i < _previous.Length; i++)
            {
                _previous[i] += Int();
                face.Landmarks[i] = _previous[i] / Quantise.PixelSteps;
            }
        }

        if ((flags & SidecarFormat.Embedding) != 0)
        {
            face.Embedding = new float[FaceEmbedder.Length];
            for (int i = 0; i < face.Embedding.Length; i++)
            {
                face.Embedding[i] = Unit();
            }
        }

        return face;
    }

    private FaceBox Box() =>
        new(Pixels(), Pixels(), Pixels(), Pixels(), Unit(), Unit())
        {
            RightEye = Point(),
            LeftEye = Point(),
            Nose = Point(),
            Mouth = Point(),
            RightEar = Point(),
            LeftEar = Point(),
        };

    private Vector2 Point() => new(Pixels(), Pixels());

    private float Pixels() => Int() / Quantise.PixelSteps;

    private float Unit() => Int() / Quantise.UnitSteps;

    private int Count(int max)
    {
        int value = Int();
        Demand(value >= 0 && value <= max, "a count is impossible");
        return value;
    }

    private int Int()
    {
        uint zigzag = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            int next = _stream.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException("it ends too early");
            }

            zigzag |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
