using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Commands.Models.Toolchain;

/// <summary>A model file that a tool works on, and what it is run on.</summary>
internal sealed class ToolModel
{
    private const int NoiseSamples = 3;
    private const int MostPictures = 64;

    private ToolModel(string path, byte[] file, ModelCard? card)
    {
        Path = path;
        File = file;
        Card = card;
        Inputs = new SampleInputs(file, card?.Input);
    }

    public string Path { get; }

    public byte[] File { get; }

    /// <summary>Its row of the catalogue: the named one, or the one with its hash; null where there is none.</summary>
    public ModelCard? Card { get; }

    public SampleInputs Inputs { get; }

    public IReadOnlyList<IReadOnlyList<OnnxTensor>> Noise => field ??= Inputs.Noise(NoiseSamples, seed: 1);

    /// <exception cref="ModelException"><c>model-unknown</c>: no such card; or as of <see cref="Read"/>.</exception>
    public static ToolModel Open(string path, string? cardId = null)
    {
        byte[] file = Read(path);
        ModelCatalog catalog = ModelCatalog.Load(Installation.ModelsFolder());
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        ModelCard? card = cardId is null ? catalog.Cards.FirstOrDefault(c => c.Sha256 == hash) : catalog.Card(cardId);
        return new ToolModel(path, file, card);
    }

    /// <summary>The file, which was judged: tools run it in this process.</summary>
    /// <exception cref="ModelException"><c>model-missing</c>, or what it is refused for.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            byte[] file = System.IO.File.ReadAllBytes(path);
            ModelAdmission.Judge(file).Require(System.IO.Path.GetFileName(path));
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                "model-missing",
                $"The model {path} cannot be read ({e.Message.TrimEnd('.')}): check the path.",
                inner: e
            );
        }
    }

    /// <summary>The folder's pictures as the model takes them, by name, 64 at most; none without a folder.</summary>
    /// <exception cref="InvalidRecipeException"><c>images-missing</c>: no such folder, no picture in it, or the model takes none.</exception>
    public IReadOnlyList<IReadOnlyList<OnnxTensor>> Pictures(string? folder, CancellationToken stop)
    {
        if (folder is null)
        {
            return [];
        }

        if (!Directory.Exists(folder))
        {
            throw new InvalidRecipeException("images-missing", $"There is no folder {folder}: check --images.");
        }

        if (!Inputs.TakesPictures)
        {
            throw new InvalidRecipeException(
                "images-missing",
                $"The model {System.IO.Path.GetFileName(Path)} takes no picture of three channels: leave --images out."
            );
        }

        StillReader reader = new(MediaTools.Locate());
        List<IReadOnlyList<OnnxTensor>> samples = [];
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (samples.Count < MostPictures && PhotoKind.DemuxerOf(path) is not null)
            {
                using Photo photo = reader.Read(path, stop);
                samples.Add(Inputs.Picture(photo.Frame, seed: samples.Count));
            }
        }

        return samples.Count > 0
            ? samples
            : throw new InvalidRecipeException(
                "images-missing",
                $"The folder {folder} has no JPEG, PNG, WebP, BMP or TIFF: give one with pictures."
            );
    }

    /// <summary>Noise, and pictures where there are some.</summary>
    public IReadOnlyList<ComparedInputs> Compared(IReadOnlyList<IReadOnlyList<OnnxTensor>> pictures) =>
        pictures.Count > 0
            ? [new ComparedInputs("random", Noise), new ComparedInputs("pictures", pictures)]
            : [new ComparedInputs("random", Noise)];
}
