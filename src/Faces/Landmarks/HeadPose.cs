namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// How a head is turned: the rotation that lays the canonical mesh best on the found points, least squares over points that no expression
/// moves. The rotation is the orthogonal factor of the points' covariance, found by Newton's iteration (Higham 1986).
/// </summary>
public static class HeadPose
{
    private static readonly int[] Rigid =
    [
        10,
        152,
        234,
        454,
        1,
        33,
        263,
        133,
        362,
        168,
        6,
        197,
        195,
        5,
        4,
        127,
        356,
        93,
        323,
        151,
        9,
        8,
    ];

    /// <summary>Degrees as in <see cref="TrackedFace.Yaw"/> and <see cref="TrackedFace.Pitch"/>, after the roll was taken out.</summary>
    /// <param name="landmarks">x, y, z of each point in pixels; z grows away from the camera.</param>
    public static (float Yaw, float Pitch) Measure(ReadOnlySpan<float> landmarks, CanonicalMesh mesh)
    {
        Span<double> m = stackalloc double[9];
        Covariance(landmarks, mesh.Vertices, m);
        if (!Orthogonalise(m))
        {
            return (0, 0);
        }

        // Columns are where the canonical axes point in the picture: x to the person's left, z out of the face.
        double roll = Math.Atan2(m[3], m[0]);
        double c = Math.Cos(roll);
        double s = Math.Sin(roll);
        double x = (c * m[2]) + (s * m[5]);
        double y = (c * m[5]) - (s * m[2]);
        double depth = -m[8];
        double yaw = Math.Atan2(x, depth) * 180 / Math.PI;
        double pitch = Math.Atan2(-y, Math.Sqrt((x * x) + (depth * depth))) * 180 / Math.PI;
        return ((float)yaw, (float)pitch);
    }

    /// <summary>Row i, column j: how picture axis i grows with canonical axis j.</summary>
    private static void Covariance(ReadOnlySpan<float> points, ReadOnlySpan<float> vertices, Span<double> m)
    {
        Span<double> meanPoint = stackalloc double[3];
        Span<double> meanVertex = stackalloc double[3];
        foreach (int index in Rigid)
        {
            for (int k = 0; k < 3; k++)
            {
                meanPoint[k] += points[(3 * index) + k] / (double)Rigid.Length;
                meanVertex[k] += vertices[(3 * index) + k] / (double)Rigid.Length;
            }
        }

        m.Clear();
        foreach (int index in Rigid)
        {
            for (int i = 0; i < 3; i++)
            {
                double p = points[(3 * index) + i] - meanPoint[i];
                for (int j = 0; j < 3; j++)
                {
                    m[(3 * i) + j] += p * (vertices[(3 * index) + j] - meanVertex[j]);
                }
            }
        }
    }

    private static bool Orthogonalise(Span<double> m)
    {
        Span<double> inverse = stackalloc double[9];
        for (int step = 0; step < 40; step++)
        {
            if (!InverseTransposed(m, inverse))
            {
                return false;
            }

            double balance = Math.Sqrt(Norm(inverse) / Norm(m));
            double change = 0;
            for (int i = 0; i < 9; i++)
            {
                double next = 0.5 * ((balance * m[i]) + (inverse[i] / balance));
                change += Math.Abs(next - m[i]);
                m[i] = next;
            }

            if (change < 1e-10)
            {
                break;
            }
        }

        return true;
    }

    private static bool InverseTransposed(ReadOnlySpan<double> m, Span<double> into)
    {
        into[0] = (m[4] * m[8]) - (m[5] * m[7]);
        into[1] = (m[5] * m[6]) - (m[3] * m[8]);
        into[2] = (m[3] * m[7]) - (m[4] * m[6]);
        into[3] = (m[2] * m[7]) - (m[1] * m[8]);
        into[4] = (m[0] * m[8]) - (m[2] * m[6]);
        into[5] = (m[1] * m[6]) - (m[0] * m[7]);
        into[6] = (m[1] * m[5]) - (m[2] * m[4]);
        into[7] = (m[2] * m[3]) - (m[0] * m[5]);
        into[8] = (m[0] * m[4]) - (m[1] * m[3]);
        double determinant = (m[0] * into[0]) + (m[1] * into[1]) + (m[2] * into[2]);
        if (Math.Abs(determinant) < 1e-12)
        {
            return false;
        }

        for (int i = 0; i < 9; i++)
        {
            into[i] /= determinant;
        }

        return true;
    }

    private static double Norm(ReadOnlySpan<double> m)
    {
        double sum = 0;
        foreach (double value in m)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
