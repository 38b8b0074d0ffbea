using FaceFusion.Batch.Faults.Tests.Hosts;
using Xunit.Runner.InProc.SystemConsole;

namespace FaceFusion.Batch.Faults.Tests;

/// <summary>The tests; or, as <c>coordinator</c> or <c>worker</c>, one process of the fleet that they run.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["coordinator" or "worker"])
        {
            await FleetHost.RunAsync(arguments[0]);
            return 0;
        }

        return await ConsoleRunner.Run(arguments);
    }
}
