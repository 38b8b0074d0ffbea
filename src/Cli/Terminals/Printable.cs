using System.Globalization;

namespace FaceFusion.Batch.Cli.Terminals;

/// <summary>Text of others, made safe to print: what a terminal would act upon is replaced.</summary>
internal static class Printable
{
    public static string Of(string text) => string.Create(text.Length, text, Copy);

    private static void Copy(Span<char> to, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isActive =
                CharUnicodeInfo.GetUnicodeCategory(text[i])
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator;
            to[i] = isActive ? (char.IsWhiteSpace(text[i]) ? ' ' : '\uFFFD') : text[i];
        }
    }
}
