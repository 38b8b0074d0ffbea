namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>How far bytes on their way are.</summary>
/// <param name="Stage">What is being done with what, such as <c>upload clip.mp4</c>.</param>
/// <param name="Done">Bytes that are there.</param>
/// <param name="Total">Bytes that are to be there.</param>
/// <param name="PerSecond">Bytes; 0 while it is not known.</param>
internal sealed record ByteProgress(string Stage, long Done, long Total, double PerSecond) : StageProgress(Stage)
{
    public override int Percent => Total > 0 ? (int)(100 * Done / Total) : 0;

    public override bool HasTotal => Total > 0;

    public override StageProgress Finished => this with { Done = Total };

    public override string ToString()
    {
        if (Total == 0)
        {
            return Stage;
        }

        string speed = PerSecond > 0 ? $", {Size(PerSecond)}/s" : "";
        string left =
            PerSecond > 0 && Done < Total ? $", {Clock(TimeSpan.FromSeconds((Total - Done) / PerSecond))} left" : "";
        return $"{Stage} {Percent, 3} %  {Size(Done)} of {Size(Total)}{speed}{left}";
    }

    /// <summary>Bytes in the unit that suits them.</summary>
    public static string Size(double bytes) =>
        bytes switch
        {
            >= 1 << 30 => $"{bytes / (1 << 30):0.0} GiB",
            >= 1 << 20 => $"{bytes / (1 << 20):0.0} MiB",
            >= 1 << 10 => $"{bytes / (1 << 10):0} KiB",
            _ => $"{bytes:0} B",
        };
}
