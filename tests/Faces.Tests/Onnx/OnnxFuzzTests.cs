using System.Diagnostics;
using System.Globalization;
using System.Text;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>
/// Judges files that are broken in ways nobody thought of, for <c>FFB_FUZZ_SECONDS</c> (default 5), on one thread. A failure names the seed
/// of its file, and the file is kept in <c>artifacts/fuzz</c>; <c>./test.sh fuzz --seed S</c> starts with it.
/// </summary>
public sealed class OnnxFuzzTests
{
    private const int DefaultSeconds = 5;
    private const double MostMilliseconds = 100;

    private static readonly string Artifacts = Path.Combine(Footage.SolutionFolder(), "artifacts", "fuzz");

    [Fact]
    public void Judge_OfBrokenFiles_EndsSoonWithAVerdict()
    {
        int seconds = Setting("FFB_FUZZ_SECONDS", DefaultSeconds);
        int first = Setting("FFB_FUZZ_SEED", 1);
        IReadOnlyList<byte[]> corpus = FuzzCorpus.Load();
        OnnxMutator mutator = new(corpus);
        SortedDictionary<string, int> verdicts = new(StringComparer.Ordinal);
        double slowest = 0;
        long largest = 0;
        _ = Directory.CreateDirectory(Artifacts);
        // What is compiled now is not measured.
        foreach (byte[] file in corpus)
        {
            _ = ModelAdmission.Judge(file, Artifacts);
        }

        var clock = Stopwatch.StartNew();
        int made = 0;
        for (; clock.Elapsed.TotalSeconds < seconds; made++)
        {
            int seed = unchecked(first + made);
            byte[] file = mutator.Make(seed);
            try
            {
                (double milliseconds, long bytes, string verdict) = Judge(file);
                slowest = Math.Max(slowest, milliseconds);
                largest = Math.Max(largest, bytes);
                verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            }
            catch (Exception e)
            {
                string kept = Path.Combine(Artifacts, $"{seed}.onnx");
                File.WriteAllBytes(kept, file);
                Assert.Fail($"Seed {seed}, kept as {kept}: {e}");
            }
        }

        string told = Told(seconds, first, made, slowest, largest, verdicts);
        File.WriteAllText(Path.Combine(Artifacts, "summary.txt"), told);
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        // A fuzzer whose files all end at the first byte would find nothing: many kinds of verdict are met, and some files are sound.
        Assert.InRange(verdicts.Count, 8, 50);
        Assert.Contains("admitted", verdicts.Keys);
    }

    /// <summary>The saved files are the hostile ones of the tests. After a change there, run this with FFB_WRITE_CORPUS=1.</summary>
    [Fact]
    public void Corpus_HoldsTheHostileFiles()
    {
        foreach ((string name, _, byte[] file) in Hostile.Files)
        {
            string path = Path.Combine(FuzzCorpus.Folder, $"{name}.onnx");
            if (Environment.GetEnvironmentVariable("FFB_WRITE_CORPUS") == "1")
            {
                File.WriteAllBytes(path, file);
            }

            Assert.Equal(file, File.ReadAllBytes(path));
            Assert.InRange(file.Length, 0, 2000);
        }
    }

    private static (double Milliseconds, long Bytes, string Verdict) Judge(byte[] file)
    {
        AdmissionReport? report = null;
        // A collection of garbage may fall into one run; it will not fall into the same place of three.
        double best = double.MaxValue;
        long bytes = 0;
        for (int i = 0; i < 3 && best > MostMilliseconds; i++)
        {
            (double milliseconds, bytes) = Measured.Of(() => report = ModelAdmission.Judge(file, Artifacts));
            best = Math.Min(best, milliseconds);
        }

        Assert.True(best <= MostMilliseconds, $"It took {best} ms.");
        Assert.True(bytes <= Measured.Allowance(file.Length), $"It took {bytes} bytes of memory.");
        if (report!.IsAdmitted)
        {
            // What is sound stays so when it is written again.
            byte[] written = OnnxWriter.Write(OnnxReader.Read(file));
            Assert.True(ModelAdmission.Judge(written, Artifacts).IsAdmitted, "It is refused when it is written again.");
        }

        return (best, bytes, report.Findings.FirstOrDefault(f => f.IsRefusal)?.Code ?? "admitted");
    }

    private static string Told(
        int seconds,
        int first,
        int made,
        double slowest,
        long largest,
        SortedDictionary<string, int> verdicts
    )
    {
        StringBuilder told = new();
        _ = told.AppendLine(
            CultureInfo.InvariantCulture,
            $"{made} files in {seconds} s from seed {first}; slowest {slowest:0.0} ms, most memory {largest / 1e6:0.0} MB"
        );
        foreach ((string verdict, int count) in verdicts)
        {
            _ = told.AppendLine(CultureInfo.InvariantCulture, $"{count, 9}  {verdict}");
        }

        return told.ToString();
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
