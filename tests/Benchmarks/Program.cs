using BenchmarkDotNet.Running;

// All: dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// Just that they run: add --job dry
BenchmarkSwitcher.FromAssembly(typeof(FaceFusion.Batch.Benchmarks.Imaging.BenchmarkFrame).Assembly).Run(args);
