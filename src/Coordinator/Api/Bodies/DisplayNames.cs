using System.Globalization;

namespace FaceFusion.Batch.Coordinator.Api.Bodies;

/// <summary>Text that users choose for people to read.</summary>
internal static class DisplayNames
{
    public const int Longest = 255;

    /// <summary>
    /// The name with everything replaced that a terminal or a page would act upon (control and format characters, halves of
    /// characters), cut to <see cref="Longest"/>. It is shown and never made part of a path.
    /// </summary>
    public static string Clean(string name)
    {
        char[] clean = name.Length <= Longest ? name.ToCharArray() : name[..Longest].ToCharArray();
        for (int i = 0; i < clean.Length; i++)
        {
            UnicodeCategory kind = CharUnicodeInfo.GetUnicodeCategory(clean[i]);
            bool isPair =
                (char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length && char.IsLowSurrogate(clean[i + 1]))
                || (char.IsLowSurrogate(clean[i]) && i > 0 && char.IsHighSurrogate(clean[i - 1]));
            bool isBad =
                kind
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                || (kind == UnicodeCategory.Surrogate && !isPair);
            clean[i] = isBad ? '\uFFFD' : clean[i];
        }

        return new string(clean);
    }
}
