using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>ffmpeg decodes, by the CPU or by a card, and hands frames over by a pipe.</summary>
internal sealed class PipedFrames : IFrames
{
    private readonly MediaTools _tools;
    private readonly string _input;
    private readonly int _frameBytes;
    private readonly byte[] _chroma;
    private DecodePlan _plan;
    private ChildTool? _child;
    private TimestampCheck? _check;

    /// <param name="input">Local path of the target.</param>
    public PipedFrames(MediaTools tools, string input, DecodePlan plan)
    {
        (_tools, _input, _plan) = (tools, input, plan);
        FrameFormat format = FrameFormats.Of(plan.Format);
        _frameBytes = format.FrameBytes;
        _chroma = plan.Decoder is null ? [] : new byte[2 * format.ChromaBytes];
    }

    public bool BeganAtStart { get; private set; }

    public void Read(Frame into, CancellationToken cancellationToken)
    {
        if (_child is null)
        {
            ReadTheFirst(into, cancellationToken);
            return;
        }

        _child.Bind(cancellationToken);
        ReadPlanes(into, cancellationToken);
    }

    public void Finish(CancellationToken cancellationToken)
    {
        Span<byte> more = stackalloc byte[1];
        _child!.Bind(cancellationToken);
        int extra = _child.Output.Read(more);
        int exit = _child.WaitForExit();
        _check!.ThrowIfFailed();
        if (extra != 0)
        {
            throw TimestampCheck.Differs(_plan.Range.End, "more frames came than the frame table has");
        }

        // A driver may fall over when it is put away: every frame has come by then, and an error of the stream would have been told.
        if (exit != 0 && (_plan.Decoder is null || _child.Errors.Length > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ToolErrors.Decoding(_child.Errors);
        }
    }

    public void Dispose()
    {
        _child?.Dispose();
        _check?.Dispose();
    }

    private void ReadTheFirst(Frame into, CancellationToken cancellationToken)
    {
        if (_plan.Decoder is null)
        {
            StartChild(cancellationToken);
            SkipTo(into, cancellationToken);
            return;
        }

        HardwareDecoder.BeginStart(cancellationToken);
        try
        {
            StartChild(cancellationToken);
            SkipTo(into, cancellationToken);
        }
        finally
        {
            HardwareDecoder.EndStart();
        }
    }

    private void StartChild(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _check = new TimestampCheck(_plan);
        _child = ChildTool.Start(
            _tools,
            MediaProgram.Ffmpeg,
            _plan.Arguments(_input),
            _plan.Decoder is null ? ToolLimits.Decoding(_frameBytes) : HardwareDecoder.Limits,
            _check.TakeLine
        );
        _child.Bind(cancellationToken);
        _child.Input.Close();
    }

    private void SkipTo(Frame into, CancellationToken cancellationToken)
    {
        try
        {
            ReadFirst(into, cancellationToken);
        }
        catch (InvalidVideoException) when (_plan.SeekPts is not null)
        {
            // Containers without an index may land after the wanted group of pictures. From the start it is slow, and right.
            _child!.Dispose();
            _check!.Dispose();
            _plan = _plan.FromTheStart();
            BeganAtStart = true;
            StartChild(cancellationToken);
            ReadFirst(into, cancellationToken);
        }
    }

    private void ReadFirst(Frame into, CancellationToken cancellationToken)
    {
        for (int i = 0; i <= _plan.Skip; i++)
        {
            ReadPlanes(into, cancellationToken);
        }
    }

    private void ReadPlanes(Frame into, CancellationToken cancellationToken)
    {
        if (_plan.Decoder is null)
        {
            Fill(into.Bytes, cancellationToken);
        }
        else
        {
            Fill(into.Plane(0), cancellationToken);
            Fill(_chroma, cancellationToken);
            SemiPlanar.Split(_chroma, into.Plane(1), into.Plane(2));
        }

        if (!_check!.WaitForNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EndedEarly();
        }
    }

    private void Fill(Span<byte> plane, CancellationToken cancellationToken)
    {
        if (!_child!.TryFill(plane))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EndedEarly();
        }
    }

    private FusionException EndedEarly()
    {
        int exit = _child!.WaitForExit();
        _check!.ThrowIfFailed();
        return exit == 0 ? _check.Short() : ToolErrors.Decoding(_child.Errors);
    }
}
