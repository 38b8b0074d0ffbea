namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The rows of a patch that make one chroma row: at most three.</summary>
internal unsafe struct ChromaRows
{
    /// <summary>Where each begins in the patch, as <see cref="BlendPlan.RowStart"/>.</summary>
    public fixed long Starts[3];

    /// <summary>Its part of the chroma row.</summary>
    public fixed float Shares[3];

    /// <summary>1: the chroma row lies over it; 0: it is a neighbour.</summary>
    public fixed float Covers[3];

    public int Count;

    public ChromaRows(in BlendPlan plan, int row)
    {
        for (int j = -1; j <= 1; j++)
        {
            int y = Math.Clamp((row * plan.Down.Step) + j, 0, plan.Format.Height - 1);
            if (plan.Down.Weight(j) > 0 && y >= plan.Inside.Y && y < plan.Inside.Bottom)
            {
                Starts[Count] = plan.RowStart(y);
                Shares[Count] = plan.Down.Weight(j);
                Covers[Count++] = plan.Down.Covers(j) ? 1 : 0;
            }
        }
    }
}
