using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Tracking;

public sealed class GapCoverTests
{
    private static readonly FrameFormat Format = new(
        400,
        300,
        ChromaLayout.Yuv420,
        8,
        YuvMatrix.Bt601,
        false,
        ChromaSiting.Left
    );

    [Fact]
    public void Cover_FaceComesBack_LiesOnTheWayBetween()
    {
        GapCover cover = Cover(gap: 6, frames: 20, (4, 100), (9, 150));

        Assert.Equal([110], Centers(cover, 5));
        Assert.Equal([140], Centers(cover, 8));
        Assert.Empty(Centers(cover, 3));
        Assert.Empty(Centers(cover, 10));
    }

    [Fact]
    public void Cover_GapTooLong_IsLeftOpen() =>
        Assert.Empty(Centers(Cover(gap: 3, frames: 20, (4, 100), (9, 150)), 6));

    [Fact]
    public void Cover_OtherPlace_IsAnotherFace() =>
        Assert.Empty(Centers(Cover(gap: 6, frames: 20, (4, 100), (9, 330)), 6));

    [Fact]
    public void Cover_SceneCutBetween_IsAnotherFace() =>
        Assert.Empty(Centers(Cover(gap: 6, frames: 20, cutAt: 7, (4, 100), (9, 110)), 6));

    [Fact]
    public void Cover_TwoFacesVanish_EachComesBackToItsPlace()
    {
        GapCover cover = Cover(gap: 6, frames: 20, (4, 100), (4, 160), (8, 104), (8, 168));

        Assert.Equal([102, 164], Centers(cover, 6).Order());
    }

    private static GapCover Cover(int gap, int frames, params (int Frame, float Center)[] faces) =>
        Cover(gap, frames, -1, faces);

    private static GapCover Cover(int gap, int frames, int cutAt, params (int Frame, float Center)[] faces)
    {
        var recipe = new Recipe { Processors = [new RedactStep { CoverGaps = frames }] };
        var window = new SightingWindow(
            AnalysisPlan.For(recipe, new FrameRange(0, frames), frames, Format, 0, []),
            ahead: 0
        );
        for (int number = 0; number < frames; number++)
        {
            FrameSightings frame = window.Add(needed: 0);
            frame.Placed = true;
            frame.IsCut = number == cutAt;
            foreach ((int at, float center) in faces)
            {
                if (at == number)
                {
                    Sighting face = window.Rent();
                    face.Box = new FaceBox(center - 25, 50, 50, 50, 0.9f, 0);
                    frame.Faces.Add(face);
                }
            }
        }

        return new GapCover(window, gap);
    }

    private static float[] Centers(GapCover cover, int number)
    {
        List<FaceBox> boxes = [];
        cover.Cover(number, boxes);
        return [.. boxes.Select(box => MathF.Round(box.CenterX))];
    }
}
