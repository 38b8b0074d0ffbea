using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

public sealed class SessionBatcherTests
{
    private const int Length = 8;
    private const int Threads = 6;
    private const int RunsOfThread = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Run_ManyThreads_EachGetsItsOwnRow()
    {
        InferenceDevice device = InferenceDevice.Open(DeviceChoice.Cpu.With(4));
        using DeviceSession session = Load(device, Doubling());
        Assert.Equal(4, session.Batch);
        Assert.Equal("cpu batch 4", device.Places["net"].DeviceClass);
        InThreads(session);
        Assert.Equal(Threads * RunsOfThread, session.Rounds.Select((count, rows) => count * rows).Sum());
        Assert.True(session.Rounds.Skip(2).Sum() > 0, "no two threads ever shared a batch");
    }

    [Fact]
    public void Run_HalfPrecision_EachGetsItsOwnRow()
    {
        using DeviceSession session = Load(InferenceDevice.Open(DeviceChoice.Cpu.With(4)), Doubling(OnnxType.Half));
        Assert.Equal(4, session.Batch);
        InThreads(session);
    }

    [Fact]
    public void Run_MemoryTooSmall_GoesOnInHalves()
    {
        using DeviceSession session = Load(InferenceDevice.OnCpu(), Doubling());
        using SessionBatcher batcher = new(
            8,
            atOnce: 1,
            rows => new BoundSession(session, "net", rows),
            batch =>
            {
                if (batch.Rows > 2)
                {
                    throw new ModelException("model-run", "", true, new InsufficientMemoryException());
                }

                batch.RunRows();
            },
            TimeSpan.FromMilliseconds(20)
        );
        InThreads(session, batcher.Run);
        Assert.Equal(2, batcher.Size);
    }

    [Fact]
    public void Run_BatchFails_EveryThreadFails()
    {
        using DeviceSession session = Load(InferenceDevice.OnCpu(), Doubling());
        using SessionBatcher batcher = new(
            Threads,
            atOnce: 1,
            rows => new BoundSession(session, "net", rows),
            _ => throw new ModelException("model-run", "The card is gone."),
            TimeSpan.FromSeconds(1)
        );
        int failed = 0;
        Parallel.For(
            0,
            Threads,
            new ParallelOptions { MaxDegreeOfParallelism = Threads },
            _ =>
            {
                using BoundSession one = new(session, "net");
                if (Assert.Throws<ModelException>(() => batcher.Run(one)).Message == "The card is gone.")
                {
                    Interlocked.Increment(ref failed);
                }
            }
        );
        Assert.Equal(Threads, failed);
    }

    /// <summary>As on devices whose kernels add in another order in another row; and whoever comes in whichever order.</summary>
    [Fact]
    public async Task Run_ValuesDependOnThePlace_AreAFunctionOfTheInputsStill()
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, OnnxDimension.Open("batch"), Length);
        string ones = net.Node("Add", [net.Node("Mul", [input, net.Scalar(0)]), net.Scalar(1)]);
        // 1, 1, 2, 2: two classes of rows.
        string count = net.Node("CumSum", [ones, net.Add(OnnxTensor.Of("axis", [], [0L]))]);
        string place = net.Node("Ceil", [net.Node("Div", [count, net.Scalar(2)])]);
        net.Output("output", net.Node("Add", [input, place]), OnnxType.Float, OnnxDimension.Open("batch"), Length);
        InferenceDevice device = InferenceDevice.Open(DeviceChoice.Cpu.With(4));
        using DeviceSession session = Load(device, net.ToBytes("net"));
        Assert.Equal([0, 0, 2, 2], session.Classes!);
        Assert.Equal("net on cpu, 4 at a time in 2 classes of rows", $"{device.Places["net"]}");
        float[][] seen = [.. Enumerable.Range(0, Threads).Select(_ => new float[40])];
        // Threads of their own that begin together: those of the pool may come one after the other, and share no batch.
        using Barrier together = new(Threads);
        Task[] all =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            using BoundSession one = new(session, "net");
                            Random random = new(thread);
                            together.SignalAndWait();
                            foreach (int value in Enumerable.Range(0, seen[thread].Length).OrderBy(_ => random.Next()))
                            {
                                Array.Fill(one.Input, value);
                                one.Run();
                                seen[thread][value] = one.OutputAt(0)[0];
                            }
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                ),
        ];
        await Task.WhenAll(all);

        Assert.All(seen, values => Assert.Equal(seen[0], values));
        Assert.Equal(2, seen[0].Select((value, i) => value - i).Distinct().Count());
        Assert.True(session.Rounds.Skip(2).Sum() > 0, "no two threads ever shared a batch");
    }

    /// <summary>A round of one costs as much as a full one: who was in the last round and comes back at once is waited for.</summary>
    [Fact]
    public void Run_DeviceIsIdleAndOthersWillCome_WaitsForThem()
    {
        using DeviceSession session = Load(InferenceDevice.OnCpu(), Doubling());
        using SessionBatcher batcher = new(
            2,
            atOnce: 1,
            rows => new BoundSession(session, "net", rows),
            batch =>
            {
                _ = Stop.WaitHandle.WaitOne(1_500);
                batch.RunRows();
            },
            TimeSpan.FromMilliseconds(20),
            classes: [0, 0]
        );
        using CountdownEvent bothRun = new(2);
        void Run(int value, bool again)
        {
            using BoundSession one = new(session, "net");
            batcher.Enter();
            Array.Fill(one.Input, value);
            bothRun.Signal();
            batcher.Run(one);
            if (again)
            {
                // Later than a round that waits for nobody would begin, and long before half of a run's time is over.
                _ = Stop.WaitHandle.WaitOne(60);
                batcher.Run(one);
            }
        }

        batcher.Enter();
        Thread first = new(() => Run(1, again: true));
        Thread second = new(() => Run(3, again: false));
        first.Start();
        second.Start();
        bothRun.Wait(TestContext.Current.CancellationToken);
        _ = Stop.WaitHandle.WaitOne(300);
        bothRun.Reset(1);
        Thread third = new(() => Run(5, again: false));
        third.Start();
        Assert.All((Thread[])[first, second, third], thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60))));

        Assert.Equal(2, batcher.Rounds[2]);
        Assert.Equal(0, batcher.Rounds[1]);
    }

    /// <summary>One round is on the device, or read by threads that are slow: the next ones fill behind it.</summary>
    [Fact]
    public async Task Run_ARoundIsHeldUp_TheNextOnesFillMeanwhile()
    {
        const int Rounds = 4;
        using DeviceSession session = Load(InferenceDevice.OnCpu(), Doubling(OnnxType.Double));
        using ManualResetEventSlim goOn = new();
        ConcurrentBag<BoundSession> batches = [];
        using SessionBatcher batcher = new(
            2,
            atOnce: 1,
            rows =>
            {
                BoundSession made = new(session, "net", rows);
                batches.Add(made);
                return made;
            },
            batch =>
            {
                goOn.Wait(Stop);
                batch.RunRows();
            },
            TimeSpan.FromSeconds(5),
            classes: [0, 0]
        );
        for (int i = 0; i < 2 * Rounds; i++)
        {
            batcher.Enter();
        }

        Task[] all =
        [
            .. Enumerable
                .Range(1, 2 * Rounds)
                .Select(value =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            using BoundSession one = new(session, "net");
                            one.DoublesOf("input").AsSpan().Fill(value);
                            batcher.Run(one);
                            Assert.Equal(2 * value, one.OutputAt(0)[0]);
                        },
                        Stop,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                ),
        ];

        Assert.True(
            SpinWait.SpinUntil(
                () => batches.Count(b => !b.DoublesOf("input").Contains(0)) == Rounds,
                TimeSpan.FromSeconds(20)
            ),
            "not all rounds were filled while the first one was held up"
        );
        goOn.Set();
        await Task.WhenAll(all);
    }

    [Fact]
    public void Load_RowsDependOnEachOther_RunsAlone()
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, OnnxDimension.Open("batch"), Length);
        string mean = net.Node(
            "ReduceMean",
            [input],
            OnnxAttribute.OfMany("axes", 0L),
            OnnxAttribute.Of("keepdims", 1L)
        );
        net.Output("output", net.Node("Sub", [input, mean]), OnnxType.Float, OnnxDimension.Open("batch"), Length);
        InferenceDevice device = InferenceDevice.Open(DeviceChoice.Cpu.With(4));
        using DeviceSession session = Load(device, net.ToBytes("net"));
        Assert.Equal(1, session.Batch);
        Assert.Equal("cpu", device.Places["net"].DeviceClass);
        Assert.Contains("neighbours", device.Places["net"].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NothingSaidOnCpu_RunsAlone()
    {
        InferenceDevice device = InferenceDevice.OnCpu();
        using DeviceSession session = Load(device, Doubling());
        Assert.Equal(1, session.Batch);
        Assert.Empty(device.Batches);
    }

    /// <summary>Bound as on a device of its own memory; the CPU does the work.</summary>
    [Fact]
    public void Run_DeviceIsFull_WaitsForItsTurn()
    {
        using SessionOptions options = ProviderOptions.Cpu();
        using DeviceSession session = new(Doubling(), options, isRemote: true);
        using BoundSession one = new(session, "net");
        Array.Fill(one.Input, 21);
        for (int i = 0; i < DeviceSession.MostAtOnce; i++)
        {
            session.BeginRun();
        }

        Thread run = new(one.Run);
        run.Start();
        Assert.False(run.Join(TimeSpan.FromMilliseconds(200)));
        session.EndRun();

        Assert.True(run.Join(TimeSpan.FromSeconds(30)));
        Assert.All(one.OutputAt(0), value => Assert.Equal(42, value));
    }

    private static DeviceSession Load(InferenceDevice device, byte[] model) =>
        Assert.IsType<DeviceSession>(device.Load("net", model));

    /// <summary>output = 2 · input.</summary>
    private static byte[] Doubling(OnnxType type = OnnxType.Float)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", type, OnnxDimension.Open("batch"), Length);
        string two = net.Node("Cast", [net.Scalar(2)], OnnxAttribute.Of("to", (long)type));
        net.Output("output", net.Node("Mul", [input, two]), type, OnnxDimension.Open("batch"), Length);
        return net.ToBytes("net");
    }

    /// <summary>Every thread runs numbers that are its own, and looks at what comes back.</summary>
    private static void InThreads(DeviceSession session, Action<BoundSession>? run = null)
    {
        BoundSession[] bound = [.. Enumerable.Range(0, Threads).Select(_ => new BoundSession(session, "net"))];
        int wrong = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(number => new Thread(() =>
                {
                    BoundSession one = bound[number];
                    for (int i = 0; i < RunsOfThread; i++)
                    {
                        float value = (number * RunsOfThread) + i;
                        Array.Fill(one.Input, value);
                        (run ?? (static o => o.Run()))(one);
                        Interlocked.Add(ref wrong, one.OutputAt(0).Count(v => v != 2 * value));
                    }
                })),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Array.ForEach(bound, one => one.Dispose());
        Assert.Equal(0, wrong);
    }
}
