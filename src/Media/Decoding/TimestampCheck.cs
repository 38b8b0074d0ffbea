using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// Compares the timestamps that ffmpeg announces on stderr with the frame table. ffmpeg announces a frame before it writes its planes,
/// so the announcement of a frame that has been read is always on its way.
/// </summary>
internal sealed class TimestampCheck(DecodePlan plan) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly AutoResetEvent _news = new(false);
    private volatile int _announced;
    private volatile InvalidVideoException? _failure;
    private int _taken;

    /// <summary>Called on the thread that drains stderr.</summary>
    public void TakeLine(ReadOnlySpan<byte> line)
    {
        if (!ShowInfoLine.TryParse(line, out ShowInfoLine frame))
        {
            return;
        }

        // The first frame that does not fit stops the count: what follows it is never handed over.
        int number = plan.First + _announced;
        if (_failure is null && (number >= plan.Range.End || (_failure = Compare(frame, number)) is null))
        {
            _announced++;
        }

        _news.Set();
    }

    /// <summary>Waits for the announcement of the next frame.</summary>
    /// <returns>False if none came.</returns>
    /// <exception cref="InvalidVideoException">It does not fit the table.</exception>
    public bool WaitForNext()
    {
        while (_announced <= _taken)
        {
            ThrowIfFailed();
            if (!_news.WaitOne(Patience))
            {
                return false;
            }
        }

        _taken++;
        return true;
    }

    /// <summary>Waits for the announcement of a frame, where not all are handed over.</summary>
    /// <param name="number">Of the range, and after the last one waited for.</param>
    /// <exception cref="InvalidVideoException">It, or one before it, does not fit the table.</exception>
    public void WaitFor(int number)
    {
        while (plan.First + _taken <= number)
        {
            if (!WaitForNext())
            {
                throw Short();
            }
        }
    }

    /// <summary>After the last line: all frames of the range were announced, and no others, whether they were waited for or not.</summary>
    /// <exception cref="InvalidVideoException">They were not.</exception>
    public void ThrowUnlessWhole()
    {
        if (_failure is InvalidVideoException failure)
        {
            throw failure;
        }

        int next = plan.First + _announced;
        if (next != plan.Range.End)
        {
            throw Differs(
                Math.Min(next, plan.Range.End),
                next < plan.Range.End
                    ? "the target ends, and the frame table does not"
                    : "more frames came than the frame table has"
            );
        }
    }

    public void Dispose() => _news.Dispose();

    public void ThrowIfFailed()
    {
        if (_failure is InvalidVideoException failure && _announced <= _taken)
        {
            throw failure;
        }
    }

    /// <summary>The error for a stream that ended before the range did.</summary>
    public InvalidVideoException Short() => Short(plan.First + _taken);

    /// <summary>The error for a stream that ended before frame <paramref name="frame"/>.</summary>
    public static InvalidVideoException Short(int frame) =>
        new(
            "video-truncated",
            $"Frame {frame} of the target cannot be decoded any more: the file is cut off or damaged there; get a whole copy."
        );

    public static InvalidVideoException Differs(int frame, string how) =>
        new(
            Failure.FramesDiffer,
            $"At frame {frame} {how}: the target is damaged or changed since it was probed; remux it and start again."
        );

    private InvalidVideoException? Compare(in ShowInfoLine frame, int number)
    {
        if (frame.Width != plan.Format.Width || frame.Height != plan.Format.Height)
        {
            return new InvalidVideoException(
                "video-size-changes",
                $"The target's picture size changes at frame {number}: cut it into parts of one size first."
            );
        }

        return plan.Format.IsStill || frame.Pts == plan.Table.RawPts[number]
            ? null
            : Differs(number, "another timestamp came than the frame table has");
    }
}
