using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>HTML under construction. What stands in the holes of an interpolated string is escaped; only literals are markup.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _markup = new();

    public void Markup(string literal) => _markup.AppendLine(literal);

    public void Markup(HtmlText fragment) => _markup.Append(fragment._markup);

    public void Line([InterpolatedStringHandlerArgument("")] ref Escaping line) => _markup.AppendLine();

    public override string ToString() => _markup.ToString();

    /// <summary>Appends literals as they are and escapes everything else.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Escaping
    {
        private readonly StringBuilder _into;

        public Escaping(int literalLength, int formattedCount, HtmlText page)
        {
            _into = page._markup;
            _into.EnsureCapacity(_into.Length + literalLength + (16 * formattedCount));
        }

        public void AppendLiteral(string literal) => _into.Append(literal);

        public void AppendFormatted(string? value) => _into.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable =>
            _into.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
