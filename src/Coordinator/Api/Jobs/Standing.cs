using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>A job's row as far as those need it who ask again and again whether anything has changed.</summary>
internal sealed record Standing(long Version, JobState State);
