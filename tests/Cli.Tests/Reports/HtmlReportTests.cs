using System.Net;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Reports;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly Dictionary<string, string> Licences = new() { ["mobilefacenet"] = "MIT" };

    [Fact]
    public void Write_AnyJob_RefersToNothingOutside()
    {
        string page = Page(SampleJob.Swap());

        Assert.DoesNotContain("http:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(Sources().Matches(page), m => Assert.StartsWith("data:image/png;base64,", m.Groups[1].Value));
    }

    [Fact]
    public void Write_EnlargedJob_TellsSizesDevicesAndWhatPeopleAreTakenFor()
    {
        FinishedJob job = SampleJob.Swap();
        FaceAttributes woman = new(Gender.Female, Race.Asian, new AgeRange(20, 29));
        Person[] people = [job.Scan.People[0] with { Attributes = woman }, job.Scan.People[1]];
        string page = Page(
            job with
            {
                Recipe = new Recipe { Processors = [.. job.Recipe.Processors, new UpscaleStep()] },
                Scan = job.Scan with { OutputScale = 4, People = people },
            }
        );
        string plain = Page(SampleJob.Swap());

        Assert.Contains("1600 × 1200", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("<td>female, asian, 20-28</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>cuda:0: a card</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("1600 × 1200", WebUtility.HtmlDecode(plain), StringComparison.Ordinal);
        Assert.DoesNotContain("Taken for", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyJob_ClosesEveryElementItOpens()
    {
        string page = Page(SampleJob.Swap());
        string[] empty = ["meta", "img", "br", "line", "rect", "circle", "polyline", "polygon"];
        Stack<string> open = new();
        foreach (Match tag in Tags().Matches(page[(page.IndexOf("</style>", StringComparison.Ordinal) - 7)..]))
        {
            string name = tag.Groups["name"].Value;
            if (tag.Groups["close"].Length > 0)
            {
                if (name is "style" or "head" or "html")
                {
                    continue;
                }

                Assert.Equal(open.Pop(), name);
            }
            else if (!empty.Contains(name) || (name == "rect" && !tag.Value.EndsWith("/>", StringComparison.Ordinal)))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
    }

    [Fact]
    public void Write_OneWeakPerson_LeavesRoomForTheOthersOnTheSheet()
    {
        FinishedJob job = SampleJob.Swap();
        ChunkReport last = job.ChunkReports[1];
        job = job with
        {
            ChunkReports =
            [
                job.ChunkReports[0],
                last with
                {
                    Crops = [.. last.Crops, new CropPair(7, 2, 0.9f, [7], [8])],
                },
                job.ChunkReports[2],
            ],
        };

        string page = Page(job);

        int worst = page.IndexOf("The worst frames", StringComparison.Ordinal);
        int typical = page.IndexOf("Typical frames", StringComparison.Ordinal);
        Assert.Contains("person 2 before, frame 7", page[worst..typical], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NameWithMarkup_IsEscaped()
    {
        string page = Page(SampleJob.Swap());

        Assert.DoesNotContain("<b>&\"", page, StringComparison.Ordinal);
        Assert.Contains("holiday &lt;b&gt;&amp;&quot; clip.mp4", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AllChecksHold_SaysExactFirst()
    {
        string page = Page(SampleJob.Swap());

        Assert.Contains("✓ Exact", page, StringComparison.Ordinal);
        Assert.Contains("300 of 300", page, StringComparison.Ordinal);
        Assert.True(
            page.IndexOf("✓ Exact", StringComparison.Ordinal) < page.IndexOf("<section", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(299, true, true, 0)]
    [InlineData(300, false, true, 0)]
    [InlineData(300, true, false, 0)]
    [InlineData(300, true, true, 1)]
    public void Write_ACheckFailed_SaysNotExact(int found, bool timestamps, bool streams, long shift)
    {
        string page = Page(
            SampleJob.Swap() with
            {
                Verification = new Verification(SampleJob.Frames, found, timestamps, streams, shift, ""),
            }
        );

        Assert.Contains("✗ Not exact", page, StringComparison.Ordinal);
        Assert.DoesNotContain("✓ Exact", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_GatesWithoutSetUp_SaysNotConfigured()
    {
        string page = Page(SampleJob.Swap());

        Assert.Equal(3, Regex.Count(page, ": not configured"));
    }

    [Fact]
    public void Write_Models_ShowsHashAndLicence()
    {
        string page = Page(SampleJob.Swap());

        Assert.Contains("<td>MIT</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>not stated</td>", page, StringComparison.Ordinal);
        Assert.Contains(new string('e', 64), page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Redact_ShowsNoFaceAtAll()
    {
        FinishedJob job = SampleJob.Swap() with { Recipe = new Recipe { Processors = [new RedactStep()] } };

        string page = Page(job);

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("Faces covered", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnHourOfVideo_StaysSmall()
    {
        const int frames = 108_000;
        FinishedJob job = SampleJob.Swap();
        ChunkReport chunk = job.ChunkReports[0] with
        {
            ChunkIndex = 0,
            Range = new(0, frames),
            FacesFound = [.. Enumerable.Range(0, frames).Select(n => n % 3)],
            FacesFused = [.. Enumerable.Range(0, frames).Select(n => n % 2)],
            Identity =
            [
                .. Enumerable.Range(0, frames / 12).Select(i => new IdentitySample(i * 12, 1, 0.1f, i % 7 / 10f, 0.2f)),
            ],
        };

        string page = Page(job with { ChunkReports = [chunk] });

        Assert.InRange(page.Length, 10_000, 200_000);
    }

    private static string Page(FinishedJob job) =>
        HtmlReport.Write(JobReportBuilder.Build(job), job.ChunkReports, Licences);

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("<(?<close>/?)(?<name>[a-z0-9]+)[^>]*>")]
    private static partial Regex Tags();
}
