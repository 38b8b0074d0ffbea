using System.Numerics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The similarity (turn, uniform scale, shift in three dimensions) that carries the canonical face onto a mesh in a picture. Canonical y
/// and z run against the picture's; here they are flipped, so that the pose has no reflection.
/// </summary>
internal readonly struct FacePose
{
    /// <summary>Vertices that expression hardly moves: forehead, temples, cheekbones, bridge and tip of the nose, ends of the eyes.</summary>
    private static ReadOnlySpan<int> Rigid =>
        [10, 109, 338, 67, 297, 127, 356, 234, 454, 93, 323, 168, 6, 197, 195, 5, 4, 1, 33, 263, 133, 362, 116, 345];

    private readonly Vector3 _right;
    private readonly Vector3 _down;
    private readonly Vector3 _away;
    private readonly Vector3 _place;
    private readonly float _inverseScale;

    private FacePose(Vector3 right, Vector3 down, Vector3 away, Vector3 place, float scale)
    {
        _right = right;
        _down = down;
        _away = away;
        _place = place;
        _inverseScale = 1 / (scale * scale);
    }

    /// <summary>Pixels of the picture per centimetre of the canonical face.</summary>
    public float Scale => 1 / MathF.Sqrt(_inverseScale);

    /// <summary>A vector of the canonical space (flipped) in pixels of the picture.</summary>
    public Vector3 Carry(Vector3 canonical) => (_right * canonical.X) + (_down * canonical.Y) + (_away * canonical.Z);

    /// <summary>A point of the picture in the canonical space (flipped).</summary>
    public Vector3 Undo(Vector3 point)
    {
        Vector3 from = point - _place;
        return new Vector3(Vector3.Dot(_right, from), Vector3.Dot(_down, from), Vector3.Dot(_away, from))
            * _inverseScale;
    }

    /// <summary>Vertex <paramref name="i"/> of the canonical mesh with y and z flipped.</summary>
    public static Vector3 Canonical(ReadOnlySpan<float> vertices, int i) =>
        new(vertices[3 * i], -vertices[(3 * i) + 1], -vertices[(3 * i) + 2]);

    /// <summary>
    /// Least squares over the rigid vertices. The turn is the polar factor of the covariance, found by Newton's iteration
    /// (Higham 1986), which needs no decomposition.
    /// </summary>
    public static FacePose Fit(ReadOnlySpan<float> canonical, ReadOnlySpan<float> landmarks)
    {
        Vector3 middleFrom = Vector3.Zero;
        Vector3 middleTo = Vector3.Zero;
        foreach (int i in Rigid)
        {
            middleFrom += Canonical(canonical, i) / Rigid.Length;
            middleTo += Point(landmarks, i) / Rigid.Length;
        }

        Matrix4x4 covariance = default;
        float spread = 0;
        foreach (int i in Rigid)
        {
            Vector3 from = Canonical(canonical, i) - middleFrom;
            Vector3 to = Point(landmarks, i) - middleTo;
            spread += from.LengthSquared();
            covariance.M11 += from.X * to.X;
            covariance.M12 += from.X * to.Y;
            covariance.M13 += from.X * to.Z;
            covariance.M21 += from.Y * to.X;
            covariance.M22 += from.Y * to.Y;
            covariance.M23 += from.Y * to.Z;
            covariance.M31 += from.Z * to.X;
            covariance.M32 += from.Z * to.Y;
            covariance.M33 += from.Z * to.Z;
        }

        covariance.M44 = 1;
        Matrix4x4 turn = PolarFactor(covariance);
        Vector3 right = new(turn.M11, turn.M12, turn.M13);
        Vector3 down = new(turn.M21, turn.M22, turn.M23);
        Vector3 away = new(turn.M31, turn.M32, turn.M33);
        float along =
            Vector3.Dot(right, new Vector3(covariance.M11, covariance.M12, covariance.M13))
            + Vector3.Dot(down, new Vector3(covariance.M21, covariance.M22, covariance.M23))
            + Vector3.Dot(away, new Vector3(covariance.M31, covariance.M32, covariance.M33));
        float scale = MathF.Max(along / spread, 1e-6f);
        right *= scale;
        down *= scale;
        away *= scale;
        Vector3 place = middleTo - ((right * middleFrom.X) + (down * middleFrom.Y) + (away * middleFrom.Z));
        return new FacePose(right, down, away, place, scale);
    }

    public static Vector3 Point(ReadOnlySpan<float> landmarks, int i) =>
        new(landmarks[3 * i], landmarks[(3 * i) + 1], landmarks[(3 * i) + 2]);

    private static Matrix4x4 PolarFactor(Matrix4x4 m)
    {
        const int Rounds = 24;
        for (int i = 0; i < Rounds; i++)
        {
            if (!Matrix4x4.Invert(m, out Matrix4x4 inverse))
            {
                return Matrix4x4.Identity;
            }

            Matrix4x4 other = Matrix4x4.Transpose(inverse);
            float balance = MathF.Sqrt(Norm(other) / MathF.Max(Norm(m), 1e-20f));
            m = ((m * balance) + (other * (1 / balance))) * 0.5f;
            m.M44 = 1;
        }

        return m;
    }

    /// <summary>Frobenius norm of the upper left 3x3 part.</summary>
    private static float Norm(Matrix4x4 m) =>
        MathF.Sqrt(
            (m.M11 * m.M11)
                + (m.M12 * m.M12)
                + (m.M13 * m.M13)
                + (m.M21 * m.M21)
                + (m.M22 * m.M22)
                + (m.M23 * m.M23)
                + (m.M31 * m.M31)
                + (m.M32 * m.M32)
                + (m.M33 * m.M33)
        );
}
