using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Sidecars;
using FaceFusion.Batch.Faces.Tracking;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Tracking;

public sealed class ChunkAnalysisTests : IDisposable
{
    private static readonly Recipe Swap = new() { Processors = [new SwapStep()] };
    private static readonly Recipe Redact = new() { Processors = [new RedactStep { CoverGaps = 8 }] };
    private static readonly Lazy<IReadOnlyList<Person>> Known = new(FindPeople);
    private static readonly Lazy<string[]> Whole = new(() => Run(Swap).Run(300));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecars-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(37)]
    [InlineData(97)]
    [InlineData(1)]
    public void Faces_AnyChunking_AreTheSameToTheLastBit(int chunkFrames)
    {
        // One frame a chunk is the hardest cut of all, and the dearest: a few frames around the first scene cut do.
        string[] lines = chunkFrames > 1 ? Run(Swap).Run(chunkFrames) : RunSingle(56, 66);

        AssertEqual(lines);
    }

    [Fact]
    public void Faces_FromSidecars_AreTheSameToTheLastBitWithoutAnyModel()
    {
        Run(Swap, folder: _folder.FullName).Run(37);
        Sidecar[] sidecars = ReadAll();
        AnalysisRun all = Run(Swap, sidecars);

        AssertEqual(all.Run(97));

        Assert.Equal(0, all.FramesAnalysed);
        AnalysisRun some = Run(Swap, [.. sidecars.Where((_, i) => i % 2 == 1)]);
        AssertEqual(some.Run(300));
        Assert.InRange(some.FramesAnalysed, 1, TestClip.Scenes.Count - 37);
    }

    [Fact]
    public void Faces_Scenes_FollowWhoIsThere()
    {
        string[] lines = Whole.Value;

        Assert.All(lines[..60], line => Assert.Single(line.Split('\n')));
        Assert.All(lines[120..], line => Assert.Single(line.Split('\n')));
        Assert.Contains(lines[60..120], line => line.Length == 0);
        Assert.Contains(lines[60..120], line => line.Split('\n').Length == 2);
    }

    [Fact]
    public void Persons_AcrossCutsAndACrossing_AreNeverMixedUp()
    {
        var seen = new List<(int Frame, int Person, float X)>();
        new AnalysisRun(TestClip.Scenes, Swap)
        {
            People = Known.Value,
            OnFaces = frame => seen.AddRange(frame.Faces.Select(f => (frame.Number, f.Person, f.Box.CenterX))),
        }.Run(300);
        int first = Known.Value.Single(person => person.Seen.Start == 0).Number;
        int last = Known.Value.Single(person => person.Seen.Start >= 120).Number;

        Assert.All(seen.Where(s => s.Frame < 60), s => Assert.Equal(first, s.Person));
        Assert.All(seen.Where(s => s.Frame >= 120), s => Assert.Equal(last, s.Person));
        IGrouping<int, (int Frame, int Person, float X)>[] crossing =
        [
            .. seen.Where(s => s.Frame is >= 60 and < 120 && s.Person != 0).GroupBy(s => s.Person),
        ];
        Assert.Equal(2, crossing.Length);
        Assert.All(
            crossing,
            person =>
            {
                // One walks right, the other left, all the way.
                float[] x = [.. person.Select(s => s.X)];
                bool right = x[^1] > x[0];
                Assert.All(x.Zip(x.Skip(1)), pair => Assert.Equal(right, pair.Second > pair.First));
                Assert.True(MathF.Abs(x[^1] - x[0]) > 150, "seen nearly from edge to edge");
            }
        );
    }

    [Fact]
    public void Faces_HardCut_NothingIsSmoothedAcross()
    {
        List<float[]> smooth = Meshes(Swap);
        List<float[]> rough = Meshes(Swap with { Tracking = Swap.Tracking with { SmoothRadius = 0 } });

        Assert.NotEqual(rough[16], smooth[16]);
        Assert.Equal(rough[17], smooth[17]);
        Assert.Equal(rough[18], smooth[18]);
        Assert.NotEqual(rough[19], smooth[19]);

        static List<float[]> Meshes(Recipe recipe)
        {
            List<float[]> meshes = [];
            new AnalysisRun(TestClip.HardCut, recipe)
            {
                OnFaces = frame => meshes.Add([.. Assert.Single(frame.Faces).Landmarks]),
            }.Run(300);
            return meshes;
        }
    }

    [Fact]
    public void Redact_AnyChunking_CoversTheSame()
    {
        string[] whole = new AnalysisRun(TestClip.Scenes, Redact).Run(300);

        string[] lines = new AnalysisRun(TestClip.Scenes, Redact).Run(37);

        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i], lines[i]);
        }

        Assert.DoesNotContain(whole[..60], line => line.Length == 0);
    }

    [Fact]
    public void Push_SteadyState_AllocatesNothing()
    {
        var run = new AnalysisRun(TestClip.OneMan, Swap);

        run.Run(300);

        Assert.Equal(0, run.Allocated);
    }

    [Fact]
    public void Push_FrameOutOfOrder_IsRefused()
    {
        AnalysisPlan plan = Plan(Swap, new FrameRange(40, 60));
        using var analyser = new FrameAnalyser(TestModels.BuiltIn);
        using var analysis = new ChunkAnalysis(analyser, plan, []);
        using var pool = new Imaging.Frames.FramePool(plan.Format, 1);
        Imaging.Frames.Frame frame = pool.Rent(TestContext.Current.CancellationToken);
        TestClip.Scenes.Load(40, frame);

        Assert.Throws<InvalidOperationException>(() => analysis.Push(frame));
        Assert.Throws<InvalidOperationException>(analysis.Complete);
    }

    /// <summary>A ring that goes round under frames whose faces are still wanted would give them those of others.</summary>
    [Fact]
    public void Push_FarBeyondWhatWasPopped_IsRefused()
    {
        AnalysisPlan plan = Plan(Redact, new FrameRange(0, 160));
        using var analyser = new FrameAnalyser(TestModels.BuiltIn);
        using var analysis = new ChunkAnalysis(analyser, plan, [], ahead: 3);
        using var pool = new Imaging.Frames.FramePool(plan.Format, 160);

        Assert.Throws<InvalidOperationException>(() =>
        {
            for (int number = 0; number < 160; number++)
            {
                Imaging.Frames.Frame frame = pool.Rent(TestContext.Current.CancellationToken);
                TestClip.Scenes.Load(number, frame);
                analysis.Push(frame);
            }
        });
    }

    /// <summary>Whoever measures may be far behind or ahead: faces are finished when all of their window is there, and not before.</summary>
    [Fact]
    public void TryPop_GivesAFrameWhenItsWindowIsCollected()
    {
        AnalysisPlan plan = Plan(Swap, new FrameRange(0, 60));
        using var analyser = new FrameAnalyser(TestModels.BuiltIn);
        using var analysis = new ChunkAnalysis(analyser, plan, [], ahead: 60);
        using var pool = new Imaging.Frames.FramePool(plan.Format, plan.DecodeRange.Length);
        for (int number = 0; number < plan.DecodeRange.End; number++)
        {
            Imaging.Frames.Frame frame = pool.Rent(TestContext.Current.CancellationToken);
            TestClip.Scenes.Load(number, frame);
            analysis.Push(frame);
        }

        int popped = 0;
        for (int number = 0; number < plan.Chunk.End; number++)
        {
            analysis.Collect(number);
            while (analysis.TryPop(out Imaging.Frames.Frame? frame, out FrameFaces? faces))
            {
                Assert.Equal(popped++, frame.Number);
                analysis.Recycle(faces);
                pool.Return(frame);
            }

            Assert.Equal(Math.Max(0, number + 1 - plan.Window), popped);
        }

        Assert.Throws<InvalidOperationException>(() => analysis.Collect(0));
    }

    [Fact]
    public void Plan_Margins_ReachFromDetectorFrameToDetectorFrame()
    {
        Assert.Equal(new FrameRange(24, 73), Plan(Swap, new FrameRange(40, 60)).DecodeRange);
        Assert.Equal(new FrameRange(0, 33), Plan(Swap, new FrameRange(0, 17)).DecodeRange);
        Assert.Equal(new FrameRange(124, 160), Plan(Swap, new FrameRange(140, 160)).DecodeRange);
    }

    [Fact]
    public void Sidecar_Damaged_IsRefusedByName()
    {
        string path = Path.Combine(_folder.FullName, "x.faces");
        File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.Equal("sidecar-damaged", Assert.Throws<StorageException>(() => Sidecar.Read(path)).Code);
    }

    [Fact]
    public void Sidecar_OtherSettings_DoesNotFit()
    {
        new AnalysisRun(TestClip.OneMan, Redact) { Folder = _folder.FullName }.Run(300);
        Sidecar sidecar = ReadAll()[0];
        AnalysisPlan plan = AnalysisPlan.For(Redact, new FrameRange(0, 72), 72, TestClip.OneMan.Format, 0, []);

        Assert.True(sidecar.Fits(plan, plan.Settings.Key(TestModels.BuiltIn.Hashes)));
        Assert.Equal(new FrameRange(0, 72), sidecar.Range);
        Assert.False(sidecar.Fits(plan, AnalysisSettings.Of(Swap, 0).Key(TestModels.BuiltIn.Hashes)));
        Assert.False(sidecar.Fits(plan, AnalysisSettings.Of(Redact, 90).Key(TestModels.BuiltIn.Hashes)));
        Assert.False(sidecar.Fits(plan, plan.Settings.Key(new Dictionary<string, string> { ["x"] = "y" })));
    }

    private static void AssertEqual(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is not null)
            {
                Assert.True(Whole.Value[i] == lines[i], $"frame {i} differs");
            }
        }
    }

    private static AnalysisRun Run(Recipe recipe, IReadOnlyList<Sidecar>? sidecars = null, string? folder = null) =>
        new(TestClip.Scenes, recipe)
        {
            People = Known.Value,
            Sidecars = sidecars ?? [],
            Folder = folder,
        };

    private static string[] RunSingle(int first, int end) => Run(Swap).Run(1, new FrameRange(first, end));

    private Sidecar[] ReadAll() => [.. Directory.GetFiles(_folder.FullName).Order().Select(Sidecar.Read)];

    private static AnalysisPlan Plan(Recipe recipe, FrameRange chunk) =>
        AnalysisPlan.For(recipe, chunk, TestClip.Scenes.Count, TestClip.Scenes.Format, 0, []);

    private static IReadOnlyList<Person> FindPeople()
    {
        using var analyser = new FrameAnalyser(TestModels.BuiltIn);
        var look = new Faces.Scanning.FrameScan(analyser);
        var scan = new Faces.Scanning.PeopleScan();
        using var pool = new Imaging.Frames.FramePool(TestClip.Scenes.Format, 1);
        Imaging.Frames.Frame frame = pool.Rent(CancellationToken.None);
        for (int i = 0; i < TestClip.Scenes.Count; i += 5)
        {
            TestClip.Scenes.Load(i, frame);
            scan.Add(look.Look(frame));
        }

        return scan.Resolve(new FaceSelection(), []).People;
    }
}
