namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The rows of a patch that make one chroma row: at most three, the first <see cref="Count"/> of these.</summary>
internal readonly struct ChromaRows
{
    public readonly ChromaRow First;
    public readonly ChromaRow Second;
    public readonly ChromaRow Third;
    public readonly int Count;

    public ChromaRows(in BlendPlan plan, int row)
    {
        for (int j = -1; j <= 1; j++)
        {
            int y = Math.Clamp((row * plan.Down.Step) + j, 0, plan.Format.Height - 1);
            if (plan.Down.Weight(j) > 0 && y >= plan.Inside.Y && y < plan.Inside.Bottom)
            {
                ChromaRow found = new(plan.RowStart(y), plan.Down.Weight(j), plan.Down.Covers(j) ? 1 : 0);
                First = Count == 0 ? found : First;
                Second = Count == 1 ? found : Second;
                Third = Count == 2 ? found : Third;
                Count++;
            }
        }
    }
}

/// <param name="Start">Where the row begins in the patch, as <see cref="BlendPlan.RowStart"/>.</param>
/// <param name="Share">Its part of the chroma row.</param>
/// <param name="Cover">1: the chroma row lies over it; 0: it is a neighbour.</param>
internal readonly record struct ChromaRow(nint Start, float Share, float Cover);
