using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Uploading;

namespace FaceFusion.Batch.Coordinator.Api.Uploads;

/// <summary>Rows of uploads as they are answered.</summary>
internal static class UploadAnswers
{
    public static ApiUpload Of(UploadRow upload)
    {
        bool isOpen = upload.State == UploadState.AwaitingBytes;
        return new ApiUpload
        {
            Id = ApiIds.Write(ApiIds.Upload, upload.Id),
            State = (UploadStep)upload.State,
            Purpose = (UploadFor)upload.Purpose,
            FileName = upload.FileName,
            SizeBytes = upload.Bytes,
            Sha256 = upload.Sha256,
            Deduplicated = upload.IsDeduplicated,
            BlockSizeBytes = isOpen ? upload.BlockBytes : null,
            BlockCount = isOpen ? UploadBook.BlockCount(upload) : null,
            CreateTime = upload.CreatedAt,
            ExpireTime = isOpen ? upload.ExpiresAt : null,
            Media = upload.Media is { } media ? Of(media) : null,
            Failure = upload.Failure is { } failure ? Of(failure) : null,
        };
    }

    public static ApiFailure Of(Failure failure) => new(failure.Code, failure.Message, failure.IsTransient);

    private static ApiMedia Of(UploadedMedia media) =>
        new()
        {
            Width = media.Width,
            Height = media.Height,
            Fps = media.IsStill ? null : media.FrameRate.ToString(),
            DurationSeconds = media.IsStill ? null : media.DurationSeconds,
            AudioTracks = media.AudioTracks,
            Codec = media.Codec,
            Warnings = media.Warnings,
        };
}
