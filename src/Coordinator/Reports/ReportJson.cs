using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>How reports are written as JSON: camelCase, unknown fields tolerated when read.</summary>
public static class ReportJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);

    public static byte[] Write(JobReport report) => JsonSerializer.SerializeToUtf8Bytes(report, Options);

    /// <exception cref="JsonException">Not a job report.</exception>
    public static JobReport Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<JobReport>(json, Options) ?? throw new JsonException("The report is empty.");
}
