namespace FaceFusion.Batch.Storage;

/// <summary>
/// The checked name of a blob: segments of lower-case letters, digits, '.', '-' and '_', parted by '/'.
/// No segment starts with a dot, so a name can leave neither its store nor its folder.
/// </summary>
public readonly record struct BlobName
{
    /// <summary>Longest name, in characters; below every store's limit.</summary>
    public const int MaxLength = 400;

    private BlobName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="ArgumentException">The text is not a name by the rules above.</exception>
    public static BlobName Parse(string text) =>
        TryParse(text, out BlobName name)
            ? name
            : throw new ArgumentException("Not a blob name: it must be made of a-z, 0-9, '.', '-', '_' and '/'.");

    public static bool TryParse(string? text, out BlobName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        bool atStart = true;
        foreach (char c in text)
        {
            bool isWord = char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_';
            bool fits = isWord || (!atStart && c is '.' or '/');
            if (!fits)
            {
                return false;
            }

            atStart = c == '/';
        }

        if (atStart)
        {
            return false;
        }

        name = new BlobName(text);
        return true;
    }

    public override string ToString() => Value;
}
