namespace FaceFusion.Batch.Coordinator;

/// <summary>Event ids of the Coordinator's log lines.</summary>
public static class EventIds
{
    public const int JobAccepted = 2001;
    public const int StageStarted = 2002;
    public const int JobEnded = 2003;
    public const int StageFailed = 2004;
    public const int ChunkReleased = 2010;
    public const int ChunkAccepted = 2011;
    public const int ChunkRefused = 2012;
    public const int ChunkFailed = 2013;
    public const int ChunkReturned = 2014;
    public const int ChunkQuarantined = 2015;
    public const int WorkerBlocked = 2016;
    public const int BegunAnew = 2017;
    public const int PreparedAgain = 2018;
    public const int Recovered = 2020;
    public const int LoopFault = 2021;
    public const int OrphansDeleted = 2022;
    public const int RequestFailed = 2030;
    public const int UploadChecked = 2031;
    public const int WebhookFailed = 2040;
    public const int BatchRead = 2050;
    public const int BatchEnded = 2051;
}
