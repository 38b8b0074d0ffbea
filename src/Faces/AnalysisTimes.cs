namespace FaceFusion.Batch.Faces;

/// <summary>Milliseconds by part of the analysis, as the given clock counts them.</summary>
public sealed class AnalysisTimes
{
    public double Detect { get; set; }

    public double Mesh { get; set; }

    public double Embed { get; set; }
}
