using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Cli;

/// <summary>Ctrl-C and SIGTERM: the first one asks the work to stop and keeps what is finished, the second one ends the process.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupts(Action onFirst)
    {
        void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            if (Seen is not null)
            {
                Environment.Exit((int)ExitFor(context.Signal));
            }

            Seen = context.Signal;
            onFirst();
            _stop.Cancel();
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>The signal that came, if one did; there is one process and one terminal.</summary>
    public static PosixSignal? Seen { get; private set; }

    public CancellationToken Stop => _stop.Token;

    /// <summary>Has the work stop as the first signal does; a signal afterwards is then still the first one.</summary>
    public void Ask() => _stop.Cancel();

    /// <summary>130 for Ctrl-C, as shells expect; 4 for being told to end.</summary>
    public static ExitCode ExitFor(PosixSignal? signal) =>
        signal == PosixSignal.SIGTERM ? ExitCode.Cancelled : ExitCode.Interrupted;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }
}
