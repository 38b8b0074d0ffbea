using BenchmarkDotNet.Running;
using FaceFusion.Batch.Benchmarks.Control;
using FaceFusion.Batch.Benchmarks.Imaging;

// Pixels: ./test.sh bench --filter '*'; just that they run: add --job dry
// The control plane: ./test.sh bench control
if (args is ["control"])
{
    await ControlBenchmark.RunAsync();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(BenchmarkFrame).Assembly).Run(args);
