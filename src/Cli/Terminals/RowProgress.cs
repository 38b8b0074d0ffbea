namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>How far many things of one kind are.</summary>
/// <param name="Stage">What is being done, such as <c>upload</c>.</param>
/// <param name="Done">That are over.</param>
/// <param name="Total">0 while it is not known.</param>
/// <param name="Of">What they are, such as <c>files</c>.</param>
/// <param name="Note">More of it; empty: nothing.</param>
internal sealed record RowProgress(string Stage, int Done, int Total, string Of, string Note = "")
    : StageProgress(Stage)
{
    public override int Percent => Total > 0 ? (int)(100L * Done / Total) : 0;

    public override bool HasTotal => Total > 0;

    public override StageProgress Finished => this with { Done = Total };

    public override string ToString() =>
        Total == 0 ? Stage : $"{Stage} {Percent, 3} %  {Done}/{Total} {Of}{(Note.Length > 0 ? $", {Note}" : "")}";
}
