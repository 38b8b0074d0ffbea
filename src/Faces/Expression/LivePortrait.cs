using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Expression;

/// <summary>
/// One thread's part of LivePortrait's three networks: appearance of a face (<c>feature_volume</c>), its motion (seven outputs, in the
/// order pitch, yaw, roll, scale, translation, expression, key points) and the generator, which moves the appearance from the
/// <c>target</c> points, where it is, to the <c>source</c> points.
/// </summary>
internal sealed class LivePortrait : IDisposable
{
    /// <summary>Edge of the picture that goes in, RGB.</summary>
    public const int InputSize = 256;

    /// <summary>Edge of the picture that comes out, RGB.</summary>
    public const int OutputSize = 512;

    private const string Volume = "feature_volume";

    private readonly BoundSession _features;
    private readonly BoundSession _motion;
    private readonly BoundSession _generator;
    private readonly string _featureInput;
    private readonly string _motionInput;

    /// <param name="card">Any of the three; its needs name the others. Which is which, their inputs and outputs tell.</param>
    /// <exception cref="ModelException">A model is missing, changed, or not one of the three.</exception>
    public LivePortrait(ModelSessions sessions, ModelCard card)
    {
        (ModelCard Card, InferenceSession Session)? features = null,
            motion = null,
            generator = null;
        foreach (string id in (IEnumerable<string>)[card.Id, .. card.Needs])
        {
            ModelCard part = id == card.Id ? card : sessions.Catalog.Card(id);
            InferenceSession session = sessions.Open(part);
            if (session.InputNames.Contains(Volume))
            {
                generator = (part, session);
            }
            else if (session.OutputNames.Count == 7)
            {
                motion = (part, session);
            }
            else if (session.OutputNames.Count == 1 && part.Input is not null)
            {
                features = (part, session);
            }
        }

        if (features is not { } f || motion is not { Card.Input: not null } m || generator is not { } g)
        {
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} and those that it needs are not the feature extractor, the motion extractor and the generator of LivePortrait."
            );
        }

        FeatureCard = f.Card;
        GeneratorCard = g.Card;
        _featureInput = f.Card.Input!.Name;
        _motionInput = m.Card.Input!.Name;
        _features = Bind(f.Card, f.Session, _featureInput);
        _motion = Bind(m.Card, m.Session, _motionInput);
        long[] points = InputShape.Close(g.Session, g.Card, "source", 1, HeadMotion.Points, 3);
        _generator = new BoundSession(
            g.Session,
            g.Card.Id,
            1,
            new Dictionary<string, long[]>
            {
                [Volume] = InputShape.Close(g.Session, g.Card, Volume, [.. _features.OutputShape(0)]),
                ["source"] = points,
                ["target"] = InputShape.Close(g.Session, g.Card, "target", points),
            }
        );
        ReadOnlySpan<int> lengths = [1, 1, 1, 1, 3, HeadMotion.Values, HeadMotion.Values];
        for (int i = 0; i < lengths.Length; i++)
        {
            Require(_motion.OutputAt(i).Length == lengths[i], m.Card, _motion.OutputShape(i));
        }

        Require(_generator.OutputAt(0).Length == 3 * OutputSize * OutputSize, g.Card, _generator.OutputShape(0));
    }

    public ModelCard FeatureCard { get; }

    public ModelCard GeneratorCard { get; }

    /// <summary>Takes a picture for the next <see cref="Look"/> or <see cref="ReadMotion"/>: three planes of <see cref="InputSize"/>².</summary>
    public Span<float> FeaturePicture => _features.InputOf(_featureInput);

    public Span<float> MotionPicture => _motion.InputOf(_motionInput);

    /// <summary>Reads how the face of <see cref="MotionPicture"/> stands.</summary>
    public void ReadMotion(HeadMotion motion)
    {
        _motion.Run();
        _motion.RequireFinite();
        motion.Pitch = _motion.OutputAt(0)[0];
        motion.Yaw = _motion.OutputAt(1)[0];
        motion.Roll = _motion.OutputAt(2)[0];
        motion.Scale = _motion.OutputAt(3)[0];
        _motion.OutputAt(4).CopyTo(motion.Translation, 0);
        _motion.OutputAt(5).CopyTo(motion.Expression, 0);
        _motion.OutputAt(6).CopyTo(motion.Calm, 0);
    }

    /// <summary>Takes over how the face of <see cref="FeaturePicture"/> looks.</summary>
    public void Look()
    {
        _features.Run();
        _features.RequireFinite();
        _features.OutputAt(0).CopyTo(_generator.InputOf(Volume), 0);
    }

    /// <summary>Where each key point shall be (x, y, z), <see cref="HeadMotion.Values"/> numbers.</summary>
    public Span<float> Wanted => _generator.InputOf("source");

    /// <summary>Where each key point is, as <see cref="Wanted"/>.</summary>
    public Span<float> Present => _generator.InputOf("target");

    /// <summary>Moves the points of what was looked at. Gives three planes of <see cref="OutputSize"/>², which may be changed.</summary>
    public Span<float> Generate()
    {
        _generator.Run();
        _generator.RequireFinite();
        return _generator.OutputAt(0);
    }

    public void Dispose()
    {
        _features.Dispose();
        _motion.Dispose();
        _generator.Dispose();
    }

    private static BoundSession Bind(ModelCard card, InferenceSession session, string input) =>
        new(
            session,
            card.Id,
            1,
            new Dictionary<string, long[]>
            {
                [input] = InputShape.Close(session, card, input, 1, 3, InputSize, InputSize),
            }
        );

    private void Require(bool holds, ModelCard card, IReadOnlyList<long> shape)
    {
        if (!holds)
        {
            Dispose();
            throw new ModelException(
                "model-shape",
                $"The model {card.Id} makes [{string.Join(", ", shape)}], which LivePortrait does not; it is not the release's file."
            );
        }
    }
}
