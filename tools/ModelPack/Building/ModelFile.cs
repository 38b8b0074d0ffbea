using System.Security.Cryptography;
using FaceFusion.Batch.ModelPack.Packages;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>A model as its package ships it: a file, or a part of a container file.</summary>
public sealed record ModelFile(byte[] Content, ModelOrigin Origin)
{
    public static ModelFile From(NpmPackage package, string path) => Wrap(package, path, null, package.Read(path));

    /// <param name="package">The package.</param>
    /// <param name="path">The container.</param>
    /// <param name="part">The name of the part, as the package's own loader has it.</param>
    /// <param name="range">The part's bytes, from the same loader.</param>
    public static ModelFile From(NpmPackage package, string path, string part, Range range) =>
        Wrap(package, path, part, package.Read(path)[range]);

    private static ModelFile Wrap(NpmPackage package, string path, string? part, byte[] content) =>
        new(content, new ModelOrigin(package.Name, package.Version, path, part, Hash(content)));

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
