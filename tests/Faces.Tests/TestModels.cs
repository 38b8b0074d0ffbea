using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests;

/// <summary>The built-in models, loaded once.</summary>
internal static class TestModels
{
    private static readonly Lazy<FaceModels> Lazy = new(() => FaceModels.Load(Folder));

    public static string Folder => Path.Combine(Footage.SolutionFolder(), "models");

    public static FaceModels BuiltIn => Lazy.Value;
}
