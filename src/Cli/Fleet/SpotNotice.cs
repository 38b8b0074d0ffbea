using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>
/// SIGUSR1: the machine is about to be taken away, as clouds do with spot instances half a minute after they say so. Too short for a
/// drain, and long enough for others to begin at once. Before it is listened to, the signal ends the process, which has nothing in hand.
/// </summary>
internal sealed class SpotNotice : IDisposable
{
    private readonly PosixSignalRegistration? _registration;

    /// <param name="onNotice">Called for every notice, on a thread of its own.</param>
    public SpotNotice(Action onNotice)
    {
        if (!OperatingSystem.IsWindows())
        {
            _registration = PosixSignalRegistration.Create(
                // The runtime has no name for it, and systems do not agree on its number.
                (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30),
                context =>
                {
                    context.Cancel = true;
                    onNotice();
                }
            );
        }
    }

    public void Dispose() => _registration?.Dispose();
}
