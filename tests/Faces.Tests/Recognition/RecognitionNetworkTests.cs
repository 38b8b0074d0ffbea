using System.Numerics.Tensors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Tests.Finding;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Recognition;

public sealed class RecognitionNetworkTests
{
    private static readonly float[] Five = FiveOf(112);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Embed_Face_GivesRawAndUnitOfTheAlignedCrop(int step)
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Arcface, RecognitionNetworks.Arcface());
        using ModelSessions models = new(folder.ToCatalog());
        using IdentityEmbedder embedder = new(models, models.Catalog.Card("arcface"));
        float[] unit = new float[512];

        float[] raw = [.. embedder.Embed(FindingGoldens.GrayFrame(400, 380), FiveOf(112 * step))];
        Embeddings.Normalise(raw, unit);

        // The generated network answers with the means of blocks of 8x8 pixels of the crop, each one tap however large its step.
        for (int block = 0; block < 196; block++)
        {
            (int left, int top) = (8 * (block % 14), 8 * (block / 14));
            double mean = Enumerable
                .Range(0, 64)
                .Average(i => FindingGoldens.Level(40 + (step * (left + (i % 8))), 30 + (step * (top + (i / 8)))));
            Assert.Equal((mean / 127.5) - 1, raw[block], 0.01);
        }

        float length = TensorPrimitives.Norm(raw);
        Assert.True(length > 2, $"{length}");
        Assert.Equal(1, TensorPrimitives.Norm(unit), 1e-5f);
        Assert.Equal(raw[7] / length, unit[7], 1e-6f);
    }

    [Fact]
    public void Embed_Picture_IsFedRedFirst()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Arcface, RecognitionNetworks.Arcface());
        using ModelSessions models = new(folder.ToCatalog());
        using IdentityEmbedder embedder = new(models, models.Catalog.Card("arcface"));

        float[] raw = [.. embedder.Embed(FindingGoldens.Orange(240, 200), Five)];

        for (int plane = 0; plane < 3; plane++)
        {
            Assert.Equal((FindingGoldens.OrangeRgb[plane] / 127.5f) - 1, raw[(196 * plane) + 90], 0.001f);
        }
    }

    /// <summary>A face at the frame's edge is no face with a black half: the edge goes on, as in the recogniser's training.</summary>
    [Fact]
    public void Embed_FaceAcrossTheEdge_SeesTheEdgeRepeated()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Arcface, RecognitionNetworks.Arcface());
        using ModelSessions models = new(folder.ToCatalog());
        using IdentityEmbedder embedder = new(models, models.Catalog.Card("arcface"));

        // The crop begins at 40, 30, and the frame ends in its middle.
        ReadOnlySpan<float> raw = embedder.Embed(FindingGoldens.Orange(96, 86), Five);

        // The last block of each plane lies in the corner that is out of the frame.
        for (int plane = 0; plane < 2; plane++)
        {
            Assert.Equal((FindingGoldens.OrangeRgb[plane] / 127.5f) - 1, raw[(196 * plane) + 195], 0.001f);
        }
    }

    [Fact]
    public void Classify_Outputs_AreRaceGenderAgeOfRedGreenBlue()
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] std = [0.229f, 0.224f, 0.225f];
        ExpectedInput expected = new(
            [.. FindingGoldens.OrangeRgb.Select((v, i) => ((v / 255) - mean[i]) / std[i])],
            0.05f
        );
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Fairface, RecognitionNetworks.Fairface(race: 5, gender: 1, age: 2, expected));
        using ModelSessions models = new(folder.ToCatalog());
        using FairfaceClassifier classifier = new(models, models.Catalog.Card("fairface"));

        FaceAttributes found = classifier.Classify(FindingGoldens.Orange(240, 200), Five);

        Assert.Equal(new FaceAttributes(Gender.Female, Race.Indian, new AgeRange(10, 19)), found);
    }

    [Fact]
    public void Classes_EachNumber_HasItsMeaning()
    {
        Race[] races = [Race.White, Race.Black, Race.Latino, Race.Asian, Race.Asian, Race.Indian, Race.Arabic];
        Assert.Equal(races, Enumerable.Range(0, 7).Select(FairfaceClassifier.ToRace));
        Assert.Equal([Gender.Male, Gender.Female], Enumerable.Range(0, 2).Select(FairfaceClassifier.ToGender));
        string[] ages = ["0-1", "3-8", "10-18", "20-28", "30-38", "40-48", "50-58", "60-68", "70-99"];
        Assert.Equal(ages, Enumerable.Range(0, 9).Select(age => FairfaceClassifier.ToAge(age).ToString()));
    }

    /// <summary>An upright face whose crop begins at 40, 30 and has this edge.</summary>
    private static float[] FiveOf(int edge) =>
        [.. FaceTemplate.Arcface112V2.Fractions.ToArray().Select((v, i) => (v * edge) + (i % 2 == 0 ? 40 : 30))];
}
