using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Tracking;

/// <summary>
/// Mean and deviation of a face's skin: one sample at the middle of each mesh triangle that shows skin and faces the camera, weighted by
/// the triangle's area, which comes close to the mean over the pixels at a small part of the cost.
/// </summary>
internal sealed class SkinColor
{
    private readonly int[] _triangles;

    public SkinColor(CanonicalMesh mesh)
    {
        HashSet<int> notSkin =
        [
            .. MeshRings.InnerLips,
            .. MeshRings.OuterLips,
            .. MeshRings.RightEye,
            .. MeshRings.LeftEye,
            .. MeshRings.RightBrow,
            .. MeshRings.LeftBrow,
        ];
        List<int> skin = [];
        for (int i = 0; i < mesh.Triangles.Length; i += 3)
        {
            int[] triangle = mesh.Triangles[i..(i + 3)];
            if (!triangle.Any(notSkin.Contains))
            {
                skin.AddRange(
                    IsClockwise(mesh.Vertices, triangle) ? triangle : [triangle[0], triangle[2], triangle[1]]
                );
            }
        }

        _triangles = [.. skin];
    }

    public FaceColor Measure(Frame frame, ReadOnlySpan<float> points)
    {
        FrameFormat format = frame.Format;
        int bytes = format.BytesPerSample;
        int shiftX = format.Chroma == ChromaLayout.Yuv444 ? 0 : 1;
        int shiftY = format.Chroma == ChromaLayout.Yuv420 ? 1 : 0;
        ReadOnlySpan<byte> luma = frame.Plane(0);
        ReadOnlySpan<byte> cb = frame.Plane(1);
        ReadOnlySpan<byte> cr = frame.Plane(2);
        ReadOnlySpan<int> triangles = _triangles;
        var sums = new Sums();
        for (int i = 0; i < triangles.Length; i += 3)
        {
            int a = triangles[i] * 3;
            int b = triangles[i + 1] * 3;
            int c = triangles[i + 2] * 3;
            float area =
                ((points[b] - points[a]) * (points[c + 1] - points[a + 1]))
                - ((points[c] - points[a]) * (points[b + 1] - points[a + 1]));
            int x = (int)MathF.Round((points[a] + points[b] + points[c]) / 3);
            int y = (int)MathF.Round((points[a + 1] + points[b + 1] + points[c + 1]) / 3);
            if (area > 0 && (uint)x < (uint)format.Width && (uint)y < (uint)format.Height)
            {
                int chroma = ((y >> shiftY) * format.ChromaWidth) + (x >> shiftX);
                sums.Add(
                    area,
                    Read(luma, (y * format.Width) + x, bytes),
                    Read(cb, chroma, bytes),
                    Read(cr, chroma, bytes)
                );
            }
        }

        return sums.ToColor(SampleRange.Of(format));
    }

    private static int Read(ReadOnlySpan<byte> plane, int index, int bytes) =>
        bytes == 1 ? plane[index] : BinaryPrimitives.ReadUInt16LittleEndian(plane[(2 * index)..]);

    /// <summary>As seen in a picture (y down) from the front.</summary>
    private static bool IsClockwise(float[] v, int[] t)
    {
        float Cross(int a, int b, int c) =>
            ((v[3 * b] - v[3 * a]) * (v[(3 * a) + 1] - v[(3 * c) + 1]))
            - ((v[3 * c] - v[3 * a]) * (v[(3 * a) + 1] - v[(3 * b) + 1]));
        return Cross(t[0], t[1], t[2]) > 0;
    }

    /// <summary>Weighted first and second moments of three channels.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Sums
    {
        private double _weight;
        private double _y;
        private double _cb;
        private double _cr;
        private double _yy;
        private double _cbcb;
        private double _crcr;

        public void Add(double weight, double y, double cb, double cr)
        {
            _weight += weight;
            _y += weight * y;
            _cb += weight * cb;
            _cr += weight * cr;
            _yy += weight * y * y;
            _cbcb += weight * cb * cb;
            _crcr += weight * cr * cr;
        }

        public readonly FaceColor ToColor(SampleRange range)
        {
            if (_weight <= 0)
            {
                return default;
            }

            double y = _y / _weight;
            double cb = _cb / _weight;
            double cr = _cr / _weight;
            return new FaceColor(
                Quantise.Pixels((float)((y - range.LumaBlack) * range.LumaGain)),
                Quantise.Pixels((float)((cb - range.ChromaZero) * range.ChromaGain)),
                Quantise.Pixels((float)((cr - range.ChromaZero) * range.ChromaGain)),
                Quantise.Pixels((float)(Deviation(_yy, y) * range.LumaGain)),
                Quantise.Pixels((float)(Deviation(_cbcb, cb) * range.ChromaGain)),
                Quantise.Pixels((float)(Deviation(_crcr, cr) * range.ChromaGain))
            );
        }

        private readonly double Deviation(double squares, double mean) =>
            Math.Sqrt(Math.Max(0, (squares / _weight) - (mean * mean)));
    }
}
