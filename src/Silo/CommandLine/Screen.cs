using Spectre.Console;

namespace EmergencyStop.Silo.CommandLine;

/// <summary>Tables on standard output.</summary>
internal static class Screen
{
    private const int Wide = 250; // Wide rows are left to the terminal to fold: a folded cell would break ids in two.

    /// <summary>The console; wide when it is a file, or when told.</summary>
    public static IAnsiConsole Create(bool wide = false)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (wide || Console.IsOutputRedirected)
        {
            console.Profile.Width = Wide;
        }

        return console;
    }

    /// <summary>Names and values, one pair a line.</summary>
    public static Grid Figures(params ReadOnlySpan<(string Name, string Value)> figures)
    {
        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in figures)
        {
            grid.AddRow(new Text(name), new Text(Wording.Line(value)));
        }

        return grid;
    }

    /// <summary>An empty table.</summary>
    public static Table Table(params string[] columns) => columns.Aggregate(
        new Table().Border(TableBorder.Simple), (table, column) => table.AddColumn(new TableColumn(column)));

    /// <summary>Adds a row of plain text; brackets in it are no markup.</summary>
    public static Table With(this Table table, params string?[] cells) =>
        table.AddRow([.. cells.Select(c => new Text(Wording.Line(c)))]);
}
