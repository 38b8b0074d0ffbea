using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using static FaceFusion.Batch.Media.Decoding.Card.CuvidStructs;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// One clip in NVIDIA's decoder. A picture is fetched from the card when its turn to be shown comes, as its surface is used again after that;
/// those before the range stay there. For one thread at a time; allocates nothing for a picture once the largest reordering was seen.
/// </summary>
internal sealed class CardPictures : IPictures
{
    /// <summary>Pictures that the decoder works on before the first of them is asked for.</summary>
    private const int Ahead = 2;

    /// <summary>Surfaces beyond those that the stream needs, so that the decoder need not wait for one to be fetched.</summary>
    private const int SpareSurfaces = 4;

    private readonly CardContext _context;
    private readonly VideoFormat _format;
    private readonly FrameFormat _frame;
    private readonly long _from;
    private readonly long _to;
    private readonly CuvidApi.SequenceCallback _onSequence;
    private readonly CuvidApi.PictureCallback _onDecode;
    private readonly CuvidApi.ShownCallback _onShown;
    private readonly Queue<(long Pts, nint Memory)> _shown = new();
    private readonly Stack<nint> _free = new();
    private readonly List<nint> _memory = [];
    private readonly nint _stream;
    private readonly nint _copied;
    private readonly nint _parser;
    private DecoderParameters _made;
    private nint _decoder;
    private FusionException? _failure;

    /// <param name="format">H.264 or H.265 of 8 bits, 4:2:0.</param>
    /// <param name="frame">Of the frames that are filled.</param>
    /// <param name="from">PTS of the first picture that is wanted.</param>
    /// <param name="to">PTS of the last one.</param>
    /// <exception cref="MediaToolException"><c>decode-failed</c>.</exception>
    public CardPictures(CardContext context, VideoFormat format, FrameFormat frame, long from, long to)
    {
        (_context, _format, _frame, _from, _to) = (context, format, frame, from, to);
        (_onSequence, _onDecode, _onShown) = (OnSequence, OnDecode, OnShown);
        try
        {
            context.Enter();
            CardContext.Check(CudaApi.CreateStream(out _stream, CudaApi.NonBlocking), "cuStreamCreate");
            CardContext.Check(CudaApi.CreateEvent(out _copied, CudaApi.SleepWithoutTiming), "cuEventCreate");
            ParserParameters parameters = new()
            {
                Codec = format.Codec == "hevc" ? Hevc : H264,
                DecodeSurfaces = 1,
                ErrorThreshold = 100,
                DisplayDelay = Ahead,
                OnSequence = Marshal.GetFunctionPointerForDelegate(_onSequence),
                OnDecode = Marshal.GetFunctionPointerForDelegate(_onDecode),
                OnDisplay = Marshal.GetFunctionPointerForDelegate(_onShown),
            };
            CardContext.Check(CuvidApi.CreateParser(out _parser, parameters), "cuvidCreateVideoParser");
        }
        catch
        {
            // Nobody else has what was made until here.
            Dispose();
            throw;
        }
    }

    public void Feed(byte[] packet, int length, long pts) =>
        Parse(
            new Packet
            {
                Flags = Packet.HasTimestamp | Packet.EndOfPicture,
                Size = (ulong)length,
                Payload = Marshal.UnsafeAddrOfPinnedArrayElement(packet, 0),
                Timestamp = pts,
            }
        );

    public void End() => Parse(new Packet { Flags = Packet.EndOfStream });

    public bool TryTake(Frame? into, out long pts)
    {
        if (!_shown.TryDequeue(out (long Pts, nint Memory) next))
        {
            pts = 0;
            return false;
        }

        pts = next.Pts;
        if (next.Memory != 0)
        {
            if (into is not null)
            {
                SemiPlanar.Read(next.Memory, into);
            }

            _free.Push(next.Memory);
        }

        return true;
    }

    public void Dispose()
    {
        // Nothing can be done about a driver that does not take back what it gave.
        _context.Enter();
        _ = _parser == 0 ? 0 : CuvidApi.DestroyParser(_parser);
        _ = _decoder == 0 ? 0 : CuvidApi.DestroyDecoder(_decoder);
        _memory.ForEach(static memory => _ = CudaApi.FreeHost(memory));
        _ = _copied == 0 ? 0 : CudaApi.DestroyEvent(_copied);
        _ = _stream == 0 ? 0 : CudaApi.DestroyStream(_stream);
    }

    private void Parse(in Packet packet)
    {
        _context.Enter();
        int result = CuvidApi.Parse(_parser, packet);
        if (_failure is not null)
        {
            throw _failure;
        }

        CardContext.Check(result, "cuvidParseVideoData");
        GC.KeepAlive(this);
    }

    private int OnSequence(nint user, in Sequence sequence)
    {
        Sequence given = sequence;
        return Guard(() => Begin(given));
    }

    private int OnDecode(nint user, nint picture)
    {
        int result = _decoder == 0 ? -1 : CuvidApi.Decode(_decoder, picture);
        return result == 0 ? 1 : Fail("cuvidDecodePicture", result);
    }

    private int OnShown(nint user, in Shown shown)
    {
        if (shown.Timestamp < _from)
        {
            return 1;
        }

        if (shown.Timestamp > _to)
        {
            _shown.Enqueue((shown.Timestamp, 0));
            return 1;
        }

        Mapping mapping = new()
        {
            IsProgressive = 1,
            TopFieldFirst = shown.TopFieldFirst,
            Stream = _stream,
        };
        int result = CuvidApi.Map(_decoder, shown.Picture, out ulong address, out uint pitch, mapping);
        if (result != 0)
        {
            return Fail("cuvidMapVideoFrame64", result);
        }

        int fetched = Fetch(address, pitch, shown);
        result = CuvidApi.Unmap(_decoder, address);
        return result == 0 ? fetched : Fail("cuvidUnmapVideoFrame64", result);
    }

    private int Fetch(ulong address, uint pitch, in Shown shown)
    {
        int result = 0;
        if (!_free.TryPop(out nint memory))
        {
            result = CudaApi.AllocateHost(out memory, (nuint)_frame.FrameBytes);
            if (result != 0)
            {
                return Fail("cuMemAllocHost", result);
            }

            _memory.Add(memory);
        }

        // Chroma follows luma, at half of its rows.
        Copy copy = new()
        {
            FromKind = Copy.Device,
            FromDevice = address,
            FromPitch = pitch,
            ToKind = Copy.Host,
            ToHost = memory,
            ToPitch = (ulong)_format.Width,
            RowBytes = (ulong)_format.Width,
            Rows = (ulong)(_format.Height * 3 / 2),
        };
        if (
            (result = CudaApi.CopyRows(copy, _stream)) != 0
            || (result = CudaApi.RecordEvent(_copied, _stream)) != 0
            || (result = CudaApi.WaitForEvent(_copied)) != 0
        )
        {
            return Fail("cuMemcpy2DAsync", result);
        }

        Status status = default;
        result = CuvidApi.GetStatus(_decoder, shown.Picture, ref status);
        if (result == 0 && status.Value is Status.Error or Status.ErrorConcealed)
        {
            _failure ??= CardContext.Unfit("a picture is damaged");
            return 0;
        }

        _shown.Enqueue((shown.Timestamp, memory));
        return 1;
    }

    private int Begin(in Sequence sequence)
    {
        if (
            sequence is not { Chroma: Chroma420, LumaBitsMinus8: 0, ChromaBitsMinus8: 0 }
            || sequence.Right - sequence.Left != _format.Width
            || sequence.Bottom - sequence.Top != _format.Height
        )
        {
            throw CardContext.Unfit("its picture is not what its container says");
        }

        DecoderParameters wanted = new()
        {
            Width = sequence.CodedWidth,
            Height = sequence.CodedHeight,
            MostWidth = sequence.CodedWidth,
            MostHeight = sequence.CodedHeight,
            DecodeSurfaces = (ulong)(sequence.FewestSurfaces + SpareSurfaces),
            Codec = sequence.Codec,
            Chroma = sequence.Chroma,
            Left = (short)sequence.Left,
            Top = (short)sequence.Top,
            Right = (short)sequence.Right,
            Bottom = (short)sequence.Bottom,
            TargetWidth = (ulong)_format.Width,
            TargetHeight = (ulong)_format.Height,
            OutputSurfaces = 2,
        };
        if (_decoder == 0)
        {
            CardContext.Check(CuvidApi.CreateDecoder(out _decoder, wanted), "cuvidCreateDecoder");
            _made = wanted;
        }
        else if (!wanted.Equals(_made))
        {
            throw CardContext.Unfit("its headers change on the way");
        }

        return (int)wanted.DecodeSurfaces;
    }

    /// <summary>An exception may not pass through the parser: it is kept for who fed it.</summary>
    private int Guard(Func<int> step)
    {
        try
        {
            return step();
        }
        catch (FusionException e)
        {
            _failure = e;
            return 0;
        }
    }

    private int Fail(string call, int result)
    {
        _failure ??= CardContext.Failed($"{call} says {result}");
        return 0;
    }
}
