using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Reports;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Reports;

public sealed class JobReportBuilderTests
{
    [Fact]
    public void Build_ChunksInAnyOrder_MergesByFrame()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        Assert.Equal(300, report.Frames);
        Assert.Equal(300, report.FacesPerFrame.Count);
        Assert.Equal(359, report.FacesFound);
        Assert.Equal(291, report.FacesFused);
        Assert.Equal(report.Identity.OrderBy(s => s.Frame), report.Identity);
        Assert.Equal([0, 1, 2], report.Chunks.Select(c => c.Index));
    }

    [Fact]
    public void Build_Stages_SumsChunksAndTheRest()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        Assert.Equal((3 * 940) + 300, report.StageMilliseconds["fuse"]);
        Assert.Equal(620, report.StageMilliseconds["scan"]);
        Assert.Equal(300 / 4.2, report.FramesPerSecond, 6);
    }

    [Fact]
    public void Build_People_CountsFusedAndMissedOfEach()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        PersonReport first = report.People[0];
        Assert.Equal((1, "source", 291, 9), (first.Person, first.Identity, first.FramesFused, first.FramesMissed));
        float[] after = [.. report.Identity.Select(s => s.After).Order()];
        Assert.Equal(after[(after.Length - 1) / 2], first.MedianAfter);
        Assert.Null(report.People[1].MedianAfter);
    }

    [Fact]
    public void Build_Devices_AreThoseOfTheChunksReports()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        Assert.Equal(["cuda:0: a card", "cpu", "cuda:0: a card"], report.Chunks.Select(c => c.Device));
        Assert.Equal(["cpu", "cuda:0: a card"], report.Devices);
    }

    [Fact]
    public void Build_Encoder_IsThatOfTheChunksReports()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        Assert.Equal("libx264, crf 18, preset veryfast", report.Versions["encoder"]);
        Assert.Equal("0.1.0", report.Versions["ffb"]);
    }

    [Fact]
    public void Build_Scan_TellsTheScaleAndWhatPeopleAreTakenFor()
    {
        FinishedJob job = SampleJob.Swap();
        FaceAttributes woman = new(Gender.Female, Race.Asian, new AgeRange(20, 29));
        Person[] people = [job.Scan.People[0] with { Attributes = woman }, job.Scan.People[1]];
        JobReport report = JobReportBuilder.Build(
            job with
            {
                Scan = job.Scan with { OutputScale = 2, People = people },
            }
        );

        // As it is stored and read again.
        JobReport read = ReportJson.Read(ReportJson.Write(report));
        Assert.Equal(2, read.OutputScale);
        Assert.Equal([woman, null], read.People.Select(p => p.Attributes));
        Assert.Equal("female, asian, 20-28", $"{woman}");
    }

    [Fact]
    public void Build_WorstFrames_AreTheLowestLikenessFirst()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        Assert.Equal(JobReportBuilder.WorstFrames, report.WorstFrames.Count);
        Assert.Equal(report.Identity.Min(s => s.After), report.WorstFrames[0].After);
        Assert.Equal(report.WorstFrames.OrderBy(s => s.After), report.WorstFrames);
    }

    [Fact]
    public void Build_AChunkMissing_IsRefused()
    {
        FinishedJob job = SampleJob.Swap();

        Assert.Throws<ArgumentException>(() =>
            JobReportBuilder.Build(job with { ChunkReports = [.. job.ChunkReports.Where(c => c.ChunkIndex != 1)] })
        );
        Assert.Throws<ArgumentException>(() =>
            JobReportBuilder.Build(job with { ChunkReports = [.. job.ChunkReports, job.ChunkReports[0]] })
        );
    }

    [Fact]
    public void Write_ReadBack_IsTheSameReport()
    {
        JobReport report = JobReportBuilder.Build(SampleJob.Swap());

        JobReport again = ReportJson.Read(ReportJson.Write(report));

        Assert.Equal(ReportJson.Write(report), ReportJson.Write(again));
        Assert.Equal(new FrameRange(100, 200), again.Chunks[1].Range);
        Assert.Equal(report.Recipe.Processors, again.Recipe.Processors);
    }
}
