using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>The family <c>fairface</c> (Kärkkäinen and Joo 2021): numbers of a class of race, of gender and of age, in this order.</summary>
internal sealed class FairfaceClassifier : IDisposable
{
    private readonly AlignedSession _session;
    private readonly float[] _race;
    private readonly float[] _gender;
    private readonly float[] _age;

    /// <exception cref="ModelException">The model cannot be loaded, or is not of the family (<c>model-shape</c>).</exception>
    public FairfaceClassifier(ModelSessions models, ModelCard card)
    {
        _session = new AlignedSession(models, card, FaceTemplate.Arcface112V2);
        _race = _session.Output(0, 1);
        _gender = _session.Output(1, 1);
        _age = _session.Output(2, 1);
    }

    /// <summary>The file leaves out the last year of each decade, and 2: a face is never that old.</summary>
    private static ReadOnlySpan<int> AgeStarts => [0, 3, 10, 20, 30, 40, 50, 60, 70];

    private static ReadOnlySpan<int> AgeEnds => [2, 9, 19, 29, 39, 49, 59, 69, 100];

    /// <param name="five">x, y of the face's five points in frame pixels.</param>
    public FaceAttributes Classify(Frame frame, ReadOnlySpan<float> five)
    {
        _session.Run(frame, five);
        return new FaceAttributes(ToGender((int)_gender[0]), ToRace((int)_race[0]), ToAge((int)_age[0]));
    }

    public void Dispose() => _session.Dispose();

    internal static Gender ToGender(int number) => number == 1 ? Gender.Female : Gender.Male;

    internal static Race ToRace(int number) =>
        number switch
        {
            1 => Race.Black,
            2 => Race.Latino,
            3 or 4 => Race.Asian,
            5 => Race.Indian,
            6 => Race.Arabic,
            _ => Race.White,
        };

    /// <summary>Numbers beyond the last are the last, as there.</summary>
    internal static AgeRange ToAge(int number)
    {
        int at = number >= 0 && number < AgeStarts.Length ? number : AgeStarts.Length - 1;
        return new AgeRange(AgeStarts[at], AgeEnds[at]);
    }
}
