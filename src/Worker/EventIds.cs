namespace FaceFusion.Batch.Worker;

/// <summary>Event ids of the Worker's log lines.</summary>
public static class EventIds
{
    public const int AttemptStarted = 1001;
    public const int AttemptDone = 1002;
    public const int AttemptFailed = 1003;
    public const int AttemptStopped = 1004;
    public const int AttemptRepeated = 1005;
    public const int HeartbeatLost = 1006;
    public const int AttemptRefused = 1007;
    public const int DeviceChosen = 1008;
    public const int DevicePassedOver = 1009;
    public const int ModelPlaced = 1010;
    public const int DecoderChosen = 1011;
    public const int HandedBack = 1012;
    public const int EncoderChosen = 1013;
}
