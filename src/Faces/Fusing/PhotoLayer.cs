using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Bakes one photo into the atlas: its colours where the photo shows the face, and how squarely it shows it.</summary>
internal static class PhotoLayer
{
    /// <summary>A texel counts as hidden when something lies this far before it, in face widths.</summary>
    private const float HiddenBehind = 0.06f;
    private const float HiddenShare = 0.3f;

    /// <summary>A surface seen edge on is still known a little: under the nose and the lip nothing better is to be had.</summary>
    private const float LeastFacing = 0.12f;

    /// <param name="atlas">Where each vertex lies.</param>
    /// <param name="lips">Unfolds the skin around the lips.</param>
    /// <param name="photo">Picture and mesh.</param>
    /// <param name="size">Edge of the atlas in texels, a power of two.</param>
    public static AtlasPlanes Bake(FaceAtlas atlas, LipBlend lips, SourceFace photo, int size)
    {
        float faceWidth = FaceScale.Width(photo.Landmarks);

        // Averaging whole blocks of a photo that is finer than the atlas keeps it from aliasing.
        int block = Math.Clamp((int)MathF.Round(faceWidth * FaceAtlas.Span / (CanonicalWidth * size)), 1, 8);
        int width = photo.Width / block;
        int height = photo.Height / block;
        float[][] picture = Shrink(photo, block, width, height);
        float[] mesh = new float[CanonicalMesh.VertexCount * 3];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            mesh[3 * i] = ((photo.Landmarks[3 * i] + 0.5f) / block) - 0.5f;
            mesh[(3 * i) + 1] = ((photo.Landmarks[(3 * i) + 1] + 0.5f) / block) - 0.5f;
            mesh[(3 * i) + 2] = photo.Landmarks[(3 * i) + 2] / block;
        }

        lips.Apply(mesh);
        float[] facing = new float[CanonicalMesh.VertexCount];
        new MeshFacing(atlas.Mesh).Find(mesh, facing);
        float[] nearest = Draw(mesh, new float[CanonicalMesh.VertexCount * 4], atlas, width, height)[0];
        float[][] drawn = Draw(Flat(atlas, size), Attributes(mesh, facing), atlas, size, size);
        return Read(picture, width, height, drawn, nearest, size, HiddenBehind * faceWidth / block);
    }

    private static float CanonicalWidth => 15.3f;

    private static AtlasPlanes Read(
        float[][] picture,
        int width,
        int height,
        float[][] drawn,
        float[] nearest,
        int size,
        float hiddenBehind
    )
    {
        AtlasPlanes layer = new(size);
        float[][] colors = layer.Colors;
        for (int i = 0; i < size * size; i++)
        {
            if (drawn[0][i] >= RasterTarget.Empty)
            {
                continue;
            }

            float x = Math.Clamp(drawn[1][i], 0, width - 1.001f);
            float y = Math.Clamp(drawn[2][i], 0, height - 1.001f);
            int at = ((int)y * width) + (int)x;
            float right = x - (int)x;
            float below = y - (int)y;
            for (int k = 0; k < 3; k++)
            {
                float[] p = picture[k];
                float upper = float.Lerp(p[at], p[at + 1], right);
                float lower = float.Lerp(p[at + width], p[at + width + 1], right);
                colors[k][i] = float.Lerp(upper, lower, below);
            }

            bool outside = MathF.Abs(x - drawn[1][i]) > 1 || MathF.Abs(y - drawn[2][i]) > 1;
            int pixel = ((int)(y + 0.5f) * width) + (int)(x + 0.5f);
            bool hidden = nearest[pixel] < RasterTarget.Empty && nearest[pixel] < drawn[4][i] - hiddenBehind;
            layer.Opacity[i] = outside ? 0 : 1;
            layer.Known[i] = outside ? 0 : Math.Clamp(drawn[3][i], LeastFacing, 1) * (hidden ? HiddenShare : 1);
        }

        return layer;
    }

    /// <summary>Depth and the four attribute planes.</summary>
    private static float[][] Draw(float[] positions, float[] attributes, FaceAtlas atlas, int width, int height)
    {
        float[][] planes = new float[5][];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = new float[RasterTarget.RequiredLength(width, height)];
        }

        RasterTarget target = new(width, height, planes[0], planes[1], planes[2], planes[3], planes[4]);
        TriangleRaster.Fill(positions, attributes, atlas.Mesh.Triangles, target);
        return planes;
    }

    private static float[] Flat(FaceAtlas atlas, int size)
    {
        float[] flat = new float[CanonicalMesh.VertexCount * 3];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            flat[3 * i] = (atlas.Places[2 * i] * size) - 0.5f;
            flat[(3 * i) + 1] = (atlas.Places[(2 * i) + 1] * size) - 0.5f;
        }

        return flat;
    }

    private static float[] Attributes(float[] mesh, float[] facing)
    {
        float[] attributes = new float[CanonicalMesh.VertexCount * 4];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            attributes[4 * i] = mesh[3 * i];
            attributes[(4 * i) + 1] = mesh[(3 * i) + 1];
            attributes[(4 * i) + 2] = facing[i];
            attributes[(4 * i) + 3] = mesh[(3 * i) + 2];
        }

        return attributes;
    }

    /// <summary>The photo as Y, Cb, Cr (BT.601, full range), each value the mean of a block.</summary>
    private static float[][] Shrink(SourceFace photo, int block, int width, int height)
    {
        float[][] planes = [new float[width * height], new float[width * height], new float[width * height]];
        int area = photo.Width * photo.Height;
        Span<float> rgb = stackalloc float[3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int k = 0; k < 3; k++)
                {
                    float sum = 0;
                    for (int j = 0; j < block; j++)
                    {
                        int from = (k * area) + (((y * block) + j) * photo.Width) + (x * block);
                        foreach (float value in photo.Rgb.AsSpan(from, block))
                        {
                            sum += value;
                        }
                    }

                    rgb[k] = sum / (block * block);
                }

                int to = (y * width) + x;
                float luma = (0.299f * rgb[0]) + (0.587f * rgb[1]) + (0.114f * rgb[2]);
                planes[0][to] = luma;
                planes[1][to] = (rgb[2] - luma) / 1.772f;
                planes[2][to] = (rgb[0] - luma) / 1.402f;
            }
        }

        return planes;
    }
}
