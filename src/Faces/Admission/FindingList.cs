using System.Globalization;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>Findings as they come. A hostile file has many of a kind: the first ones are kept, and the rest counted.</summary>
internal sealed class FindingList
{
    private const int KeptOfACode = 3;
    private const int LongestName = 80;

    private readonly List<AdmissionFinding> _kept = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The file must not be loaded.</summary>
    public void Refuse(string code, FormattableString sentence) => Add(code, sentence, isRefusal: true);

    public void Warn(string code, FormattableString sentence) => Add(code, sentence, isRefusal: false);

    /// <summary>Refusals first, otherwise as they came.</summary>
    public IReadOnlyList<AdmissionFinding> ToList() =>
        [
            .. _kept
                .Select(finding =>
                    _counts[finding.Code] > KeptOfACode && _kept.FindLast(f => f.Code == finding.Code) == finding
                        ? finding with
                        {
                            Sentence =
                                $"{finding.Sentence} There are {_counts[finding.Code] - KeptOfACode} more like it.",
                        }
                        : finding
                )
                .OrderBy(f => f.IsRefusal ? 0 : 1),
        ];

    /// <summary>A name of the file for a sentence: short, and without what a terminal would act upon.</summary>
    public static string Named(string name)
    {
        string shown = name.Length <= LongestName ? name : $"{name[..LongestName]}…";
        return string.Concat(shown.Select(c => IsPlain(c) ? c : '\uFFFD'));
    }

    /// <summary>Texts among the arguments are names of the file. Nothing is formatted for what is not kept.</summary>
    private void Add(string code, FormattableString sentence, bool isRefusal)
    {
        int count = _counts[code] = _counts.GetValueOrDefault(code) + 1;
        if (count <= KeptOfACode)
        {
            object?[] arguments = [.. sentence.GetArguments().Select(a => a is string name ? Named(name) : a)];
            string text = string.Format(CultureInfo.InvariantCulture, sentence.Format, arguments);
            _kept.Add(new AdmissionFinding(code, text, isRefusal));
        }
    }

    private static bool IsPlain(char c) =>
        char.GetUnicodeCategory(c)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}

/// <summary>Words of our own among the arguments of a finding, which may be longer than a name.</summary>
internal readonly record struct Words(string Text)
{
    public override string ToString() => Text;
}
