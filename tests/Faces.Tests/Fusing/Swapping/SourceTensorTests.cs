using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing.Swapping;

/// <summary>
/// What each family is told of a source of two photos whose embeddings differ in length, so that a raw embedding, one of unit length and
/// a mean of either cannot be taken for each other.
/// </summary>
public sealed class SourceTensorTests
{
    private static readonly SourceFace[] Photos = [SwapSetup.Photo(0), SwapSetup.Photo(1)];

    [Theory]
    [InlineData("ghost_1_256")]
    [InlineData("hififace_unofficial_256")]
    [InlineData("hyperswap_1a_256")]
    [InlineData("inswapper_128")]
    [InlineData("inswapper_128_fp16")]
    [InlineData("simswap_256")]
    [InlineData("simswap_unofficial_512")]
    public void Build_OfEmbeddings_IsTheFamilysVector(string id)
    {
        using SwapSetup setup = new(id, SwapLook.Identity, Photos);
        double[] first = Raw(setup, Photos[0]);
        double[] second = Raw(setup, Photos[1]);
        Assert.NotInRange(Length(second) / Length(first), 0.8, 1.25);

        double[] expected = Expected(id, Mean(first, second), Mean(Unit(first), Unit(second)));

        // Floats of single precision, 512 added up.
        double scale = Length(expected);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i] / scale, setup.Tensor.Values[i] / scale, 2e-6);
        }
    }

    [Theory]
    [InlineData("blendswap_256", 112, "arcface_112_v2")]
    [InlineData("uniface_256", 256, "ffhq_512")]
    public void Build_OfAPicture_IsTheFirstPhotosCrop(string id, int size, string template)
    {
        using SwapSetup setup = new(id, SwapLook.Identity, Photos);
        ModelInput input = new()
        {
            Width = size,
            Height = size,
            Std = new PerChannel(255),
        };
        FaceCrop crop = new(input, FaceTemplate.Find(template));
        float[] expected = new float[crop.Length];
        using PhotoFrame photo = new(Photos[0]);
        crop.Fill(photo.Frame, photo.Points, expected);
        Assert.Equal(expected, setup.Tensor.Values.ToArray());
        Assert.InRange(expected.Max(), 0.4f, 1);
        Assert.False(setup.Tensor.CanMix);
    }

    [Theory]
    [InlineData("ghost_1_256", 0, false)]
    [InlineData("ghost_1_256", 1, false)]
    [InlineData("hififace_unofficial_256", 0.25, true)]
    [InlineData("hyperswap_1a_256", 0, true)]
    [InlineData("inswapper_128", 0.9, true)]
    [InlineData("simswap_256", 1, true)]
    public void Mix_Weight_TakesTheTargetInRawOrOfUnitLength(string id, double weight, bool unit)
    {
        using SwapSetup setup = new(id, SwapLook.Identity, Photos);
        float[] target = [.. Enumerable.Range(0, SwapNetworks.EmbeddingLength).Select(i => (i % 17) - 8f)];
        float[] mixed = new float[target.Length];
        setup.Tensor.Mix(weight, target, mixed);

        double k = 0.35 + (weight * (-0.35 - 0.35));
        double length = unit ? Length([.. target.Select(v => (double)v)]) : 1;
        for (int i = 0; i < target.Length; i++)
        {
            Assert.Equal((setup.Tensor.Values[i] * (1 - k)) + (target[i] / length * k), mixed[i], 1e-4);
        }
    }

    [Theory]
    [InlineData("ghost_1_256", 0.5)]
    [InlineData("hyperswap_1a_256", 0)]
    [InlineData("inswapper_128", 0.5)]
    [InlineData("inswapper_128_fp16", 0.5)]
    [InlineData("simswap_256", 0.8)]
    public void Fuse_NetworkThatShowsItsSource_ShowsTheFamilysVector(string id, double weight)
    {
        Frame frame = FusingGolden.Frame();
        float[] points = FusingGolden.Points("inside");
        float[] mixed = new float[SwapNetworks.EmbeddingLength];
        using (SwapSetup plain = new(id, SwapLook.Identity, Photos))
        {
            plain.Tensor.Mix(weight, plain.Embedder.Embed(frame, points), mixed);
        }

        float shift = (float)(0.1 / mixed.Zip(SwapNetworks.Probe, (a, b) => (double)a * b).Sum());
        using SwapSetup setup = new(id, new SwapLook { PerSource = new PerChannel(shift, 0, -shift) }, Photos);
        using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { Weight = weight });
        float[] before = FusingGolden.ToRgb(frame);
        fuser.Fuse(frame, SwapSetup.Face(points));
        float[] after = FusingGolden.ToRgb(frame);

        // A tenth of the range is 25.5 levels. The two ways through the crop blur the fine chequer a little, which the mean evens out.
        Assert.Equal(25.5f, MeanShift(0), 0.7f);
        Assert.Equal(0, MeanShift(1), 0.7f);
        Assert.Equal(-25.5f, MeanShift(2), 0.7f);

        float MeanShift(int plane)
        {
            int width = frame.Format.Width;
            int start = (plane * width * frame.Format.Height) + (60 * width) + 72;
            float sum = 0;
            for (int i = 0; i < 144; i++)
            {
                int at = start + (i / 12 * width) + (i % 12);
                sum += after[at] - before[at];
            }

            return sum / 144;
        }
    }

    [Fact]
    public void Build_LastConstantIsNoProjection_IsRefused()
    {
        OnnxModel model = OnnxReader.Read(
            SwapNetworks.Swapper(SwapCards.Of("inswapper_128"), SwapLook.Identity),
            OnnxLimits.Default
        );
        model.Graph.Initializers.Add(OnnxTensor.Of("later", [2], [1f, 2f]));
        NetworkFolder folder = new();
        folder.Add(SwapCards.Recogniser, SwapNetworks.Recogniser(SwapCards.Recogniser.Id));
        folder.Add(SwapCards.Of("inswapper_128"), OnnxWriter.Write(model));
        ModelException e = Assert.Throws<ModelException>(() => new SwapSetup(folder, "inswapper_128", Photos));
        Assert.Equal("model-shape", e.Code);
        Assert.Contains("last constant", e.Message, StringComparison.Ordinal);
    }

    private static double[] Expected(string id, double[] raw, double[] unit)
    {
        double[] converted = [.. Unit(raw).Zip(SwapNetworks.ConverterWeights, (a, b) => a * b)];
        return id.Split('_')[0] switch
        {
            "ghost" => converted,
            "hyperswap" => unit,
            "inswapper" => Project(raw),
            _ => Unit(converted),
        };
    }

    private static double[] Project(double[] raw)
    {
        double length = Length(raw);
        double[] latent = new double[raw.Length];
        for (int i = 0; i < raw.Length; i++)
        {
            for (int j = 0; j < raw.Length; j++)
            {
                latent[j] += raw[i] * SwapNetworks.Projection[(i * raw.Length) + j] / length;
            }
        }

        return latent;
    }

    private static double[] Raw(SwapSetup setup, SourceFace photo)
    {
        using PhotoFrame frame = new(photo);
        return [.. setup.Embedder.Embed(frame.Frame, frame.Points).ToArray().Select(v => (double)v)];
    }

    private static double Length(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    private static double[] Unit(double[] values) => [.. values.Select(v => v / Length(values))];

    private static double[] Mean(double[] a, double[] b) => [.. a.Zip(b, (x, y) => (x + y) / 2)];
}
