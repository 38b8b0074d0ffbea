using BenchmarkDotNet.Running;
using FaceFusion.Batch.Benchmarks.Control;
using FaceFusion.Batch.Benchmarks.Imaging;
using FaceFusion.Batch.Benchmarks.Kernels;

// Pixels: ./test.sh bench --filter '*'; just that they run: add --job dry
// Pixels against scalar code and OpenCV: ./test.sh bench kernels
// The control plane: ./test.sh bench control; polls of its API: ./test.sh bench polls; many jobs at once: ./test.sh bench batch
if (args is ["control"])
{
    await ControlBenchmark.RunAsync();
    return;
}

if (args is ["kernels"])
{
    await KernelComparison.RunAsync();
    return;
}

if (args is [KernelLine.Argument])
{
    KernelLine.Serve();
    return;
}

if (args is ["polls"])
{
    await PollBenchmark.RunAsync();
    return;
}

if (args is ["batch"])
{
    await BatchBenchmark.RunAsync();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(BenchmarkFrame).Assembly).Run(args);
