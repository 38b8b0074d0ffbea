using Spectre.Console;

namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>Named facts in two columns.</summary>
internal sealed class FactTable
{
    private readonly Grid _grid = new();

    public FactTable() => _grid.AddColumn(new GridColumn().NoWrap()).AddColumn();

    public void Add(string name, string value) =>
        _grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));

    public void WriteTo(Terminal terminal) => terminal.Tables.Write(_grid);
}
