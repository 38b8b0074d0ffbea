using System.Text;

namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>The cells of one row of CSV (RFC 4180): parted by commas, in quotes where they hold commas, quotes or breaks.</summary>
public static class CsvCells
{
    /// <summary>Null: a quote is not closed, or something stands behind one.</summary>
    public static IReadOnlyList<string>? Split(string row)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        for (int at = 0; at <= row.Length; at++)
        {
            _ = cell.Clear();
            if (at < row.Length && row[at] == '"')
            {
                at = ReadQuoted(row, at + 1, cell);
                if (at < 0 || (at < row.Length && row[at] != ','))
                {
                    return null;
                }
            }
            else
            {
                int comma = row.IndexOf(',', at);
                int end = comma < 0 ? row.Length : comma;
                _ = cell.Append(row, at, end - at);
                at = end;
            }

            cells.Add(cell.ToString());
        }

        return cells;
    }

    /// <summary>Where the cell is over; negative: nowhere.</summary>
    private static int ReadQuoted(string row, int at, StringBuilder cell)
    {
        for (; at < row.Length; at++)
        {
            if (row[at] != '"')
            {
                _ = cell.Append(row[at]);
            }
            else if (at + 1 < row.Length && row[at + 1] == '"')
            {
                _ = cell.Append('"');
                at++;
            }
            else
            {
                return at + 1;
            }
        }

        return -1;
    }
}
