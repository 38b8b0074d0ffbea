namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>Reorders constants from TFLite's layouts into those of ONNX.</summary>
public static class WeightLayout
{
    /// <summary>The elements of a four-dimensional array after its axes are put into the given order.</summary>
    /// <param name="values">Row-major elements.</param>
    /// <param name="shape">Four lengths.</param>
    /// <param name="order">For each axis of the result the axis of the source.</param>
    public static float[] Permute(float[] values, int[] shape, params int[] order)
    {
        int[] strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
        float[] result = new float[values.Length];
        int next = 0;
        for (int a = 0; a < shape[order[0]]; a++)
        {
            for (int b = 0; b < shape[order[1]]; b++)
            {
                for (int c = 0; c < shape[order[2]]; c++)
                {
                    for (int d = 0; d < shape[order[3]]; d++)
                    {
                        result[next++] = values[
                            (a * strides[order[0]])
                                + (b * strides[order[1]])
                                + (c * strides[order[2]])
                                + (d * strides[order[3]])
                        ];
                    }
                }
            }
        }

        return result;
    }

    /// <summary>
    /// TFLite's SAME padding of one axis: enough zeros for ceil(length / stride) outputs, the odd one at the end.
    /// </summary>
    public static (int Begin, int End) SamePadding(int length, int kernel, int stride, int dilation)
    {
        int outputs = (length + stride - 1) / stride;
        int total = Math.Max(0, ((outputs - 1) * stride) + ((kernel - 1) * dilation) + 1 - length);
        return (total / 2, total - (total / 2));
    }
}
