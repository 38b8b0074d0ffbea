using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>Merges the chunk reports of a finished job into its one report.</summary>
public static class JobReportBuilder
{
    /// <summary>Identity samples listed as the worst of the job.</summary>
    public const int WorstFrames = 12;

    /// <exception cref="ArgumentException">The chunk reports do not cover the target's frames exactly once.</exception>
    public static JobReport Build(FinishedJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        List<ChunkReport> reports = InOrder(job.ChunkReports);
        int[] found = [.. reports.SelectMany(r => r.FacesFound)];
        IdentitySample[] identity =
        [
            .. reports.SelectMany(r => r.Identity).OrderBy(s => s.Frame).ThenBy(s => s.Person),
        ];
        return new JobReport
        {
            JobId = job.JobId,
            Target = job.Target,
            TargetSha256 = job.TargetSha256,
            ResultSha256 = job.ResultSha256,
            Format = job.Format,
            OutputScale = job.Scan.OutputScale,
            Recipe = job.Recipe,
            Verification = job.Verification,
            Gates = job.Gates,
            People = [.. job.Scan.People.OrderBy(p => p.Number).Select(p => Describe(p, reports, identity))],
            Frames = found.Length,
            FramesWithFaces = found.Count(faces => faces > 0),
            FacesFound = found.Sum(),
            FacesFused = reports.Sum(r => r.FacesFused.Sum()),
            WorstFrames = [.. identity.OrderBy(s => s.After).ThenBy(s => s.Frame).Take(WorstFrames)],
            Identity = identity,
            FacesPerFrame = found,
            StageMilliseconds = Stages(job, reports),
            WallSeconds = job.WallSeconds,
            FramesPerSecond = job.WallSeconds > 0 ? found.Length / job.WallSeconds : 0,
            Chunks =
            [
                .. job
                    .Chunks.OrderBy(c => c.Index)
                    .Select(c => c with { Device = reports.Find(r => r.ChunkIndex == c.Index)?.Device ?? "" }),
            ],
            Devices =
            [
                .. reports.Select(r => r.Device).Where(d => d.Length > 0).Distinct().Order(StringComparer.Ordinal),
            ],
            Models = job.Models,
            Versions = WithEncoder(job.Versions, reports),
            Warnings = job.Scan.Warnings,
        };
    }

    /// <summary>The chunk reports by chunk, checked to join without gap or overlap.</summary>
    internal static List<ChunkReport> InOrder(IReadOnlyList<ChunkReport> reports)
    {
        List<ChunkReport> ordered = [.. reports.OrderBy(r => r.Range.Start)];
        int next = 0;
        foreach (ChunkReport report in ordered)
        {
            if (report.Range.Start != next || report.FacesFound.Count != report.Range.Length)
            {
                throw new ArgumentException(
                    $"Chunk report {report.ChunkIndex} covers {report.Range} with {report.FacesFound.Count} frames, but frame {next} is next.",
                    nameof(reports)
                );
            }

            next = report.Range.End;
        }

        return ordered;
    }

    private static Dictionary<string, string> WithEncoder(
        IReadOnlyDictionary<string, string> versions,
        List<ChunkReport> reports
    )
    {
        Dictionary<string, string> all = new(versions);
        string encoder = string.Join("; ", reports.Select(r => r.Encoder).Where(e => e.Length > 0).Distinct());
        if (encoder.Length > 0)
        {
            all["encoder"] = encoder;
        }

        return all;
    }

    private static PersonReport Describe(Person person, List<ChunkReport> reports, IdentitySample[] identity)
    {
        IdentitySample[] own = [.. identity.Where(s => s.Person == person.Number)];
        return new PersonReport(
            person.Number,
            person.Identity,
            reports.Sum(r => r.FusedByPerson.GetValueOrDefault(person.Number)),
            reports.Sum(r => r.Missed.GetValueOrDefault(person.Number)),
            Median(own.Select(s => s.Before)),
            Median(own.Select(s => s.After)),
            Median(own.Select(s => s.ToOld))
        )
        {
            Attributes = person.Attributes,
        };
    }

    private static Dictionary<string, double> Stages(FinishedJob job, List<ChunkReport> reports)
    {
        Dictionary<string, double> stages = [];
        foreach ((string stage, double milliseconds) in reports.SelectMany(r => r.StageMilliseconds))
        {
            stages[stage] = stages.GetValueOrDefault(stage) + milliseconds;
        }

        foreach ((string stage, double milliseconds) in job.OtherStageMilliseconds)
        {
            stages[stage] = stages.GetValueOrDefault(stage) + milliseconds;
        }

        return stages;
    }

    /// <summary>The lower median, so that it is a value that was measured; null for nothing.</summary>
    internal static float? Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
    }
}
