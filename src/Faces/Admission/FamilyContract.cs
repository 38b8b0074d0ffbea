using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Admission;

/// <summary>What all models of a family take and give.</summary>
/// <param name="Family">As cards name it.</param>
/// <param name="Inputs">By name; a model has these and no others.</param>
/// <param name="Outputs">In the model's order.</param>
internal sealed record FamilyContract(
    string Family,
    IReadOnlyList<InputContract> Inputs,
    IReadOnlyList<OutputContract> Outputs
)
{
    /// <summary>Width of the picture where no card tells; the height is the same.</summary>
    public int Size { get; init; }

    /// <summary>Whoever runs it chooses the size of the picture; <see cref="Size"/> is the usual one.</summary>
    public bool IsSizeFree { get; init; }

    /// <summary>Further outputs are left alone. Otherwise their number is part of what the family is.</summary>
    public bool MayGiveMore { get; init; }
}

/// <param name="Name">Of the input.</param>
/// <param name="Shape">See <see cref="ShapePattern"/>.</param>
internal sealed record InputContract(string Name, ShapePattern Shape)
{
    /// <summary>The one type that is fed; null: single or half precision.</summary>
    public OnnxType? Type { get; init; }

    public bool IsOptional { get; init; }

    public bool Takes(OnnxType type) => Type is { } one ? type == one : type is OnnxType.Float or OnnxType.Half;
}

/// <param name="Shape">See <see cref="ShapePattern"/>.</param>
/// <param name="Name">Null: outputs go by their place.</param>
internal sealed record OutputContract(ShapePattern Shape, string? Name = null);

/// <summary>
/// The axes of a shape, in words: a number, <c>N</c> (of the batch), <c>H</c> and <c>W</c> (of the family's picture), <c>?</c> (any), or a
/// leading <c>*</c> (any axes). An open axis of a model fits every word.
/// </summary>
internal sealed class ShapePattern
{
    private readonly string[] _words;

    private ShapePattern(string text) => _words = text.Split(' ');

    public static implicit operator ShapePattern(string text) => new(text);

    /// <param name="shape">Null: the model does not tell.</param>
    /// <param name="width">Of the picture; 0: any.</param>
    /// <param name="height">Of the picture; 0: any.</param>
    public bool Fits(IReadOnlyList<OnnxDimension>? shape, int width, int height)
    {
        if (shape is null)
        {
            return true;
        }

        ReadOnlySpan<string> words = _words[0] == "*" ? _words.AsSpan(1) : _words;
        int before = shape.Count - words.Length;
        if (before < 0 || (before > 0 && _words[0] != "*"))
        {
            return false;
        }

        for (int i = 0; i < words.Length; i++)
        {
            long due = LengthOf(words[i], width, height);
            OnnxDimension axis = shape[before + i];
            if (due > 0 && !ModelAdmission.IsOpen(axis) && axis.Length != due)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A shape to try: lengths of a model where it tells them, else those of the pattern, else 1.</summary>
    public long[] Closed(IReadOnlyList<OnnxDimension> shape, int width, int height) =>
        [
            .. shape.Select(
                (axis, i) =>
                {
                    int word = _words.Length - shape.Count + i;
                    long due = word >= 0 ? LengthOf(_words[word], width, height) : 0;
                    return !ModelAdmission.IsOpen(axis) ? axis.Length!.Value : Math.Max(1, due);
                }
            ),
        ];

    public string ToText(int width, int height) =>
        string.Join(" × ", _words.Select(word => LengthOf(word, width, height) is > 0 and long due ? $"{due}" : word));

    private static long LengthOf(string word, int width, int height) =>
        word switch
        {
            "H" => height,
            "W" => width,
            _ => long.TryParse(word, out long number) ? number : 0,
        };
}
