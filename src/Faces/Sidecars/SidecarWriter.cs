using System.IO.Compression;
using System.Numerics;
using FaceFusion.Batch.Faces.Tracking;

namespace FaceFusion.Batch.Faces.Sidecars;

/// <summary>Collects a chunk's sightings, compressed as they come, and writes them to a file at the end.</summary>
internal sealed class SidecarWriter : IDisposable
{
    /// <summary>What a frame with one face takes, and a little more: the buffer rarely has to grow.</summary>
    private const int FrameBytes = 1400;

    private readonly MemoryStream _memory;
    private readonly BrotliStream _brotli;
    private readonly byte[] _buffer = new byte[1 << 14];
    private readonly int[] _previous = new int[TrackedFace.LandmarkCount * 3];
    private int _used;
    private bool _closed;

    public SidecarWriter(AnalysisPlan plan, string key)
    {
        _memory = new MemoryStream(4096 + (plan.Chunk.Length * FrameBytes));
        _brotli = new BrotliStream(_memory, CompressionLevel.Fastest, leaveOpen: true);
        Write(SidecarFormat.Magic);
        Write(SidecarFormat.Version);
        Write(key.Length);
        foreach (char letter in key)
        {
            Write(letter);
        }

        Write(plan.Chunk.Start);
        Write(plan.Chunk.End);
        Write(plan.Format.Width);
        Write(plan.Format.Height);
    }

    public void Add(FrameSightings frame)
    {
        Write(frame.IsCut ? 1 : 0);
        Write(frame.Faces.Count);
        foreach (Sighting face in frame.Faces)
        {
            Write(face);
        }
    }

    public void Save(string path)
    {
        if (!_closed)
        {
            Flush();
            _brotli.Dispose();
            _closed = true;
        }

        using FileStream file = File.Create(path);
        _memory.WriteTo(file);
    }

    public void Dispose()
    {
        _brotli.Dispose();
        _memory.Dispose();
    }

    private void Write(Sighting face)
    {
        Write(
            (face.Held ? SidecarFormat.Held : 0)
                | (face.HasMesh ? SidecarFormat.Mesh : 0)
                | (face.HasEmbedding ? SidecarFormat.Embedding : 0)
        );
        WriteBox(face.Box);
        if (face.HasMesh)
        {
            WriteUnit(face.MeshScore);
            WriteColor(face.Color);
            for (int i = 0; i < _previous.Length; i++)
            {
                int value = (int)MathF.Round(face.Landmarks[i] * Quantise.PixelSteps);
                Write(value - _previous[i]);
                _previous[i] = value;
            }
        }

        if (face.HasEmbedding)
        {
            foreach (float value in face.Embedding)
            {
                WriteUnit(value);
            }
        }
    }

    private void WriteBox(in FaceBox box)
    {
        WritePixels(box.X);
        WritePixels(box.Y);
        WritePixels(box.Width);
        WritePixels(box.Height);
        WriteUnit(box.Score);
        WriteUnit(box.Angle);
        WritePoint(box.RightEye);
        WritePoint(box.LeftEye);
        WritePoint(box.Nose);
        WritePoint(box.Mouth);
        WritePoint(box.RightEar);
        WritePoint(box.LeftEar);
    }

    private void WriteColor(in FaceColor color)
    {
        WritePixels(color.MeanY);
        WritePixels(color.MeanCb);
        WritePixels(color.MeanCr);
        WritePixels(color.DeviationY);
        WritePixels(color.DeviationCb);
        WritePixels(color.DeviationCr);
    }

    private void WritePoint(Vector2 point)
    {
        WritePixels(point.X);
        WritePixels(point.Y);
    }

    private void WritePixels(float value) => Write((int)MathF.Round(value * Quantise.PixelSteps));

    private void WriteUnit(float value) => Write((int)MathF.Round(value * Quantise.UnitSteps));

    private void Write(int value)
    {
        uint zigzag = ((uint)value << 1) ^ (uint)(value >> 31);
        if (_used > _buffer.Length - 5)
        {
            Flush();
        }

        while (zigzag >= 0x80)
        {
            _buffer[_used++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        _buffer[_used++] = (byte)zigzag;
    }

    private void Flush()
    {
        _brotli.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }
}
