using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Scanning;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Scanning;

public sealed class SourceFacesTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);

    public void Dispose() => _analyser.Dispose();

    [Fact]
    public void Read_Portrait_GivesTheCropWithItsMesh()
    {
        SourceFace face = SourceFaces.Read(_analyser, TestClip.Photo("audrey.jpg"), "me", "audrey.jpg");

        Assert.Equal("me", face.Identity);
        Assert.Null(face.Warning);
        Assert.InRange(face.Yaw, -10, 10);
        Assert.Equal(3 * face.Width * face.Height, face.Rgb.Length);
        for (int i = 0; i < face.Landmarks.Length; i += 3)
        {
            Assert.InRange(face.Landmarks[i], 0, face.Width);
            Assert.InRange(face.Landmarks[i + 1], 0, face.Height);
        }

        // Lipstick under the lower lip's points, skin on the cheek.
        Assert.True(Redness(face, 17) > Redness(face, 50) + 40);
    }

    [Fact]
    public void Read_TightCrop_IsFoundToo() =>
        Assert.NotNull(SourceFaces.Read(_analyser, TestClip.Photo("audrey_crop.jpg"), "me"));

    [Fact]
    public void Read_TurnedAway_Warns()
    {
        // The rightmost woman looks to the side.
        SourceFace face = SourceFaces.Read(_analyser, TestClip.Photo("joconde.jpg", "null"), "me");

        Assert.InRange(face.Yaw, -30, -10);
    }

    [Fact]
    public void Read_SmallFace_Warns()
    {
        SourceFace face = SourceFaces.Read(
            _analyser,
            TestClip.Photo("audrey.jpg", "scale=100:-2,pad=540:720:200:300"),
            "me",
            "small.jpg"
        );

        Assert.Contains("small.jpg", face.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFace_IsRefused() => AssertRefused("scream_crop.jpg", "source-no-face");

    [Fact]
    public void Read_SeveralFaces_IsRefused() => AssertRefused("sample1.jpg", "source-many-faces");

    private void AssertRefused(string photo, string code)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            SourceFaces.Read(_analyser, TestClip.Photo(photo), "me", photo)
        );
        Assert.Equal(code, e.Code);
        Assert.Contains(photo, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Red minus green at a mesh point.</summary>
    private static float Redness(SourceFace face, int point)
    {
        int at = ((int)face.Landmarks[(3 * point) + 1] * face.Width) + (int)face.Landmarks[3 * point];
        return face.Rgb[at] - face.Rgb[at + (face.Width * face.Height)];
    }
}
