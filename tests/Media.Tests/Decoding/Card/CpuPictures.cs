using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding.Card;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Tests.Decoding.Card;

/// <summary>ffmpeg in the place of a card: it decodes what it was fed when the stream ends, and shows it by rising timestamps.</summary>
internal sealed class CpuPictures(MediaTools tools, string codec, int frameBytes, long from, long to) : IPictures
{
    private readonly MemoryStream _fed = new();
    private readonly List<long> _pts = [];
    private byte[]? _frames;
    private int _next;

    public void Feed(byte[] packet, int length, long pts)
    {
        _fed.Write(packet, 0, length);
        _pts.Add(pts);
    }

    public void End()
    {
        _pts.Sort();
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, _fed.ToArray());
        _frames = ChildTool
            .Capture(
                tools,
                MediaProgram.Ffmpeg,
                ["-f", codec, "-i", InputRules.FileUrl(file), "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"],
                ToolLimits.Decoding(frameBytes),
                CancellationToken.None
            )
            .Output;
        File.Delete(file);
        Assert.Equal(_pts.Count, _frames.Length / frameBytes);
    }

    public bool TryTake(Frame? into, out long pts)
    {
        while (_frames is not null && _next < _pts.Count)
        {
            int frame = _next++;
            pts = _pts[frame];
            if (pts >= from)
            {
                if (pts <= to && into is not null)
                {
                    _frames.AsSpan(frame * frameBytes, frameBytes).CopyTo(into.Bytes);
                }

                return true;
            }
        }

        pts = 0;
        return false;
    }

    public void Dispose() => _fed.Dispose();
}
