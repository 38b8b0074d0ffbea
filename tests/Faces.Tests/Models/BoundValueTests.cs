using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestNetworks;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Models;

public sealed class BoundValueTests
{
    /// <summary>Sums over whole pictures begin where memory is aligned: the same picture must be the same wherever its array lies.</summary>
    [Fact]
    public void Run_WhereverArraysLie_GivesTheSameBits()
    {
        using InferenceSession session = new(ExpressionNetworks.Motion());
        var random = new Random(3);
        float[] picture = [.. Enumerable.Range(0, 3 * 256 * 256).Select(_ => random.NextSingle())];
        HashSet<string> answers = [];
        List<byte[]> between = [];
        for (int i = 0; i < 12; i++)
        {
            between.Add(GC.AllocateArray<byte>((8 * i) + 1, pinned: true));
            using BoundSession bound = new(session, "motion");
            picture.CopyTo(bound.Input, 0);
            bound.Run();
            answers.Add(
                Convert.ToHexString([
                    .. Enumerable
                        .Range(0, bound.OutputCount)
                        .SelectMany(output => bound.OutputAt(output))
                        .SelectMany(BitConverter.GetBytes),
                ])
            );
        }

        Assert.Single(answers);
        Assert.NotEmpty(between);
    }
}
