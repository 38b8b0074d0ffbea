using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Stills;

/// <summary>A photo in memory. Dispose it to free the planes.</summary>
public sealed class Photo : IDisposable
{
    private readonly FramePool _pool;

    internal Photo(FramePool pool, Frame frame)
    {
        _pool = pool;
        Frame = frame;
    }

    /// <summary>4:4:4, 8 bit, full range, BT.601, upright by the picture's EXIF orientation.</summary>
    public Frame Frame { get; }

    public void Dispose()
    {
        _pool.Return(Frame);
        _pool.Dispose();
    }
}

/// <summary>Reads photos: JPEG, PNG, WebP, BMP and TIFF, known by their first bytes.</summary>
public sealed class StillReader(MediaTools tools)
{
    /// <exception cref="InvalidRecipeException"><c>source-missing</c>, <c>source-empty</c>, <c>source-not-image</c>, <c>source-too-large</c>.</exception>
    public Photo Read(string path, CancellationToken cancellationToken = default)
    {
        VideoFormat format = Probe(path, cancellationToken);
        FrameTable table = FrameTableBuilder.OneFrame(format);
        FramePool pool = new(FrameFormats.Of(format), 1);
        Frame frame = pool.Rent(cancellationToken);
        Photo photo = new(pool, frame);
        try
        {
            using FrameReader reader = new(tools, path, format, table, table.All);
            reader.Read(frame, cancellationToken);
            reader.Finish(cancellationToken);
            return photo;
        }
        catch (FusionException e)
        {
            photo.Dispose();
            throw NotImage(path, e.Message);
        }
        catch (OperationCanceledException)
        {
            photo.Dispose();
            throw;
        }
    }

    private VideoFormat Probe(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new InvalidRecipeException("source-missing", $"There is no photo {name}: check the path.");
        }

        if (new FileInfo(path).Length == 0)
        {
            throw new InvalidRecipeException(
                "source-empty",
                $"The photo {name} is an empty file: give a JPEG, PNG or WebP."
            );
        }

        if (PhotoKind.DemuxerOf(path) is null)
        {
            throw NotImage(path, "it is neither JPEG, PNG, WebP, BMP nor TIFF");
        }

        try
        {
            return new VideoProbe(tools).Read(path, cancellationToken).Format;
        }
        catch (InvalidVideoException e) when (e.Code == "video-too-large")
        {
            throw new InvalidRecipeException(
                "source-too-large",
                $"The photo {name} is larger than 7680 × 4320 pixels: scale it down first."
            );
        }
        catch (InvalidVideoException e)
        {
            throw NotImage(path, e.Message);
        }
    }

    private static InvalidRecipeException NotImage(string path, string why) =>
        new(
            "source-not-image",
            $"{Path.GetFileName(path)} cannot be read as a photo ({why.TrimEnd('.')}): give a JPEG, PNG or WebP."
        );
}
