namespace FaceFusion.Batch.Faults.Tests.Schedules;

/// <summary>What can happen to a fleet.</summary>
internal enum FaultKind
{
    /// <summary><c>kill -9</c> of a worker, at any time.</summary>
    KillWorker,
    KillCoordinator,

    /// <summary>A process ends itself, as by <c>kill -9</c>, at a named point.</summary>
    WorkerDiesAt,
    CoordinatorDiesAt,

    /// <summary>SIGSTOP for longer than a lease, then SIGCONT: what it does next is out of date.</summary>
    FreezeWorker,
    FreezeCoordinator,

    LoseMessage,
    DoubleMessage,

    /// <summary>Held back for longer than a lease, or only so long that later ones overtake it.</summary>
    DelayMessage,

    CutBroker,
    RestartBroker,
    BrokerSilent,
    CutDatabase,
    RestartDatabase,
    DatabaseSilent,

    Blob500,
    Blob503,
    BlobSlow,
    BlobHalfUpload,
    BlobAnswerLost,
    BlobSilent,
    BlobRefused,

    /// <summary>No room for what a worker writes.</summary>
    FullDisk,

    /// <summary>A clock jumps and stays wrong.</summary>
    ClockSkew,
}
