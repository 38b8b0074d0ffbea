using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Tests.Support;

/// <summary>The frame formats that every kernel must know.</summary>
internal static class Formats
{
    /// <summary>Each chroma layout at 8 and 10 bit with each siting; ranges and matrices take turns; sizes odd and even.</summary>
    public static IEnumerable<FrameFormat> All(int width, int height)
    {
        int turn = 0;
        foreach (int depth in (int[])[8, 10])
        {
            foreach (ChromaLayout chroma in Enum.GetValues<ChromaLayout>())
            {
                foreach (ChromaSiting siting in Enum.GetValues<ChromaSiting>())
                {
                    yield return new(width, height, chroma, depth, (YuvMatrix)(turn % 3), turn % 2 == 0, siting);
                    yield return new(width, height, chroma, depth, (YuvMatrix)((turn + 1) % 3), turn % 2 != 0, siting);
                    turn++;
                }
            }
        }
    }

    public static FrameFormat Plain(int width, int height, int bitDepth = 8) =>
        new(width, height, ChromaLayout.Yuv420, bitDepth, YuvMatrix.Bt709, false, ChromaSiting.Left);
}
