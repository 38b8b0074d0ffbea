using System.Globalization;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Png;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Draws the people of a scan side by side, most prominent first.</summary>
internal static class ContactSheet
{
    private const int Columns = 5;
    private const int Gap = 16;
    private const int Header = 40;
    private const int Caption = 70;
    private const int Badge = 34;
    private const int CellWidth = FaceTile.Size + Gap;
    private const int CellHeight = FaceTile.Size + Caption + Gap;

    private static readonly CanvasColor Paper = new(24, 26, 31);
    private static readonly CanvasColor Card = new(38, 41, 48);
    private static readonly CanvasColor Ink = new(238, 240, 244);
    private static readonly CanvasColor Faint = new(150, 156, 168);
    private static readonly CanvasColor Chosen = new(64, 190, 120);

    public static byte[] Draw(ScanResult result, IReadOnlyList<byte[]?> tiles, Func<int, double> secondsOf)
    {
        int columns = Math.Clamp(result.People.Count, 2, Columns);
        int rows = Math.Max(1, (result.People.Count + columns - 1) / columns);
        var canvas = new RgbCanvas((columns * CellWidth) + Gap, (rows * CellHeight) + Gap + Header);
        canvas.Fill(0, 0, canvas.Width, canvas.Height, Paper);
        string people = result.People.Count == 1 ? "1 person" : $"{result.People.Count} people";
        canvas.Text(Gap, Gap, $"{people} in {result.FramesScanned} frames", Ink, 2);
        for (int i = 0; i < result.People.Count; i++)
        {
            int x = Gap + (i % columns * CellWidth);
            int y = Gap + Header + (i / columns * CellHeight);
            DrawPerson(canvas, x, y, result.People[i], tiles[i], secondsOf);
        }

        return PngWriter.Encode(canvas.Pixels, canvas.Width, canvas.Height);
    }

    private static void DrawPerson(
        RgbCanvas canvas,
        int x,
        int y,
        Person person,
        byte[]? tile,
        Func<int, double> secondsOf
    )
    {
        canvas.Fill(x, y, FaceTile.Size, FaceTile.Size + Caption, Card);
        if (tile is not null)
        {
            canvas.Put(x, y, tile, FaceTile.Size, FaceTile.Size);
        }

        CanvasColor accent = person.Identity is null ? Card : Chosen;
        string number = person.Number.ToString(CultureInfo.InvariantCulture);
        int badge = Math.Max(Badge, (number.Length * Font.Advance * 3) + 12);
        canvas.Fill(x, y, badge, Badge, accent);
        canvas.Text(x + ((badge - (number.Length * Font.Advance * 3) + 3) / 2), y + 7, number, Ink, 3);
        if (person.Identity is not null)
        {
            canvas.Box(x, y, FaceTile.Size, FaceTile.Size + Caption, accent, 3);
        }

        int line = y + FaceTile.Size + 8;
        canvas.Text(x + 8, line, person.Sightings == 1 ? "seen once" : $"seen {person.Sightings} x", Ink, 2);
        string from = Time(secondsOf(person.Seen.Start));
        string time = person.Sightings == 1 ? from : $"{from} - {Time(secondsOf(person.Seen.End - 1))}";
        canvas.Text(x + 8, line + 20, time, Faint, time.Length > 13 ? 1 : 2);
        if (person.Identity is not null)
        {
            canvas.Text(x + 8, line + 38, $"> {Fit(person.Identity)}", Chosen, 2);
        }

        if (person.Attributes is { } attributes)
        {
            canvas.Text(x + 8, y + FaceTile.Size - 14, $"{attributes}", Ink, 1);
        }
    }

    private static string Fit(string name) => name.Length <= 10 ? name : name[..10];

    private static string Time(double seconds)
    {
        int whole = (int)Math.Max(0, seconds);
        return whole >= 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / 3600}:{whole / 60 % 60:00}:{whole % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / 60}:{whole % 60:00}");
    }
}
