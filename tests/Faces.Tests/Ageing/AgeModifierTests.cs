using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Ageing;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Enhancing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Ageing;

public sealed class AgeModifierTests : IDisposable
{
    private readonly NetworkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edit_Fran_IsToldTheAgeBeforeAndAfter()
    {
        ModelCard card = _folder.Add(AgeingNetworks.FranCard("fran"), AgeingNetworks.Fran());
        using ModelSessions sessions = new(_folder.ToCatalog());
        TrackedFace face = EditedFrames.Face(60, 60, 20).Faces[0];
        foreach (
            (int direction, float? age, double before, double after) in (ReadOnlySpan<(int, float?, double, double)>)
                [(30, 24, 0.24, 0.54), (-40, 24, 0.24, 0), (30, null, 0, 0)]
        )
        {
            Frame frame = EditedFrames.Plain(120, 120, 8, 80, 128, 128);
            using FranModifier modifier = new(sessions, card, new AgeStep { Direction = direction }, _ => age);
            modifier.Edit(frame, face);
            (double r, double g, double b) = EditedFrames.Rgb(frame, 60, 60);

            // Half of each age in full scale; three levels are within the rounding of crop, luma and chroma.
            Assert.Equal(80 + (before * 127.5), r, 3.0);
            Assert.Equal(80 + (after * 127.5), g, 3.0);
            Assert.Equal(80, b, 3.0);
            Assert.Equal(80, frame.Plane(0)[0]);
        }
    }

    [Fact]
    public void Edit_Styleganex_IsShownBothCutsAndToldTheDirection()
    {
        ModelCard card = _folder.Add(AgeingNetworks.StyleganexCard("styleganex"), AgeingNetworks.Styleganex());
        using ModelSessions sessions = new(_folder.ToCatalog());
        TrackedFace face = EditedFrames.Face(60, 60, 20).Faces[0];
        foreach ((int direction, double moved) in (ReadOnlySpan<(int, double)>)[(100, 0.25), (-40, -0.1)])
        {
            Frame frame = EditedFrames.Plain(120, 120, 8, 100, 128, 128);
            using StyleganexModifier modifier = new(sessions, card, new AgeStep { Direction = direction });
            modifier.Edit(frame, face);
            (double r, double g, double b) = EditedFrames.Rgb(frame, 60, 60);
            double mean = (100 - 127.5) / 127.5;
            Assert.Equal(100 + (moved * 127.5), r, 3.0);
            Assert.Equal(100 + (mean * 0.5 * 127.5), g, 3.0);
            Assert.Equal(100, b, 3.0);
        }
    }

    [Fact]
    public void Edit_StyleganexWideCut_LandsWhereItWasCut()
    {
        // A wave that the network only enlarges (blue is not tinted): it comes back to its place, or edges would shift.
        ModelCard card = _folder.Add(AgeingNetworks.StyleganexCard("styleganex"), AgeingNetworks.Styleganex());
        using ModelSessions sessions = new(_folder.ToCatalog());
        Frame frame = EditedFrames.Plain(160, 160, 8, 128, 128, 128);
        for (int i = 0; i < 160 * 160; i++)
        {
            frame.Plane(0)[i] = (byte)(128 + (60 * Math.Sin(i % 160 / 5.0) * Math.Cos(i / 160 / 6.0)));
        }

        Frame before = Processors.ProcessorFrames.Copy(frame);
        using StyleganexModifier modifier = new(sessions, card, new AgeStep());
        modifier.Edit(frame, EditedFrames.Face(80, 80, 30).Faces[0]);
        double worst = 0;
        for (int y = 60; y < 100; y++)
        {
            for (int x = 60; x < 100; x++)
            {
                double off = Math.Abs(EditedFrames.Rgb(frame, x, y).B - EditedFrames.Rgb(before, x, y).B);
                worst = Math.Max(worst, off);
            }
        }

        // A crop that came back one pixel off would differ by up to 12 levels.
        Assert.True(worst < 5, $"off by up to {worst:0.0} levels");
    }
}
