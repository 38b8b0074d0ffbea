using Spectre.Console;

namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>Rows under headings, without lines between. Columns in which no row has anything are left out; no rows are no table.</summary>
internal sealed class RowTable(params string[] headings)
{
    private readonly List<(string[] Cells, Color? State)> _rows = [];

    /// <param name="cells">One for each heading; missing ones at the end are empty.</param>
    /// <param name="state">Colour of the row's state, that of the cell that says it in words.</param>
    public void Add(string[] cells, Color? state) => _rows.Add((cells, state));

    public void WriteTo(Terminal terminal)
    {
        int[] shown =
        [
            .. Enumerable.Range(0, headings.Length).Where(c => _rows.Any(row => CellOf(row.Cells, c) != "")),
        ];
        if (shown.Length == 0)
        {
            return;
        }

        Grid grid = new();
        foreach (int column in shown)
        {
            // The last one may be folded; ids and figures are of no use in halves.
            GridColumn made = new() { Padding = new Padding(0, 0, column == shown[^1] ? 0 : 2, 0) };
            _ = grid.AddColumn(column == shown[^1] ? made : made.NoWrap());
        }

        Style bold = new(decoration: Decoration.Bold);
        _ = grid.AddRow([.. shown.Select(c => new Text(headings[c], bold))]);
        foreach ((string[] cells, Color? state) in _rows)
        {
            _ = grid.AddRow([
                .. shown.Select(c => new Text(CellOf(cells, c), headings[c] == "STATE" ? new Style(state) : null)),
            ]);
        }

        terminal.Tables.Write(grid);
    }

    private static string CellOf(string[] cells, int column) => column < cells.Length ? cells[column] : "";
}
