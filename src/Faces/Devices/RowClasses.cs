using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>What the bits of a batch's row depend on: never on its neighbours, or there are no batches; perhaps on its place.</summary>
internal static class RowClasses
{
    private const int Looks = 3;

    /// <summary>
    /// Every second row is changed, then the others, so that each place has stayed as it was among other neighbours once. Then all rows are
    /// alike, some times over: rows whose bits are the same each time are a class. Runs the batch six times, which warms it up.
    /// </summary>
    /// <returns>The class of each row; null: values depend on the neighbours, or the batch does not run.</returns>
    public static int[]? Find(DeviceSession session, string id, int size)
    {
        try
        {
            using BoundSession batch = new(session, id, size);
            Random random = new(1);
            float[][] inputs = [.. session.InputNames.Select(batch.InputOf)];
            return
                Enumerable.Range(0, batch.OutputCount).All(o => batch.OutputShape(o)[0] == size)
                && IsAlone(batch, inputs, random, size)
                ? Classes(batch, inputs, random, size)
                : null;
        }
        catch (ModelException e) when (e.Code is "model-shape" or "model-contract" or "model-run")
        {
            // Some exports call their batch open though a node within has it fixed; or the batch does not fit the memory.
            return null;
        }
    }

    private static bool IsAlone(BoundSession batch, float[][] inputs, Random random, int size)
    {
        Array.ForEach(inputs, values => Noise(random, values));
        float[][] before = Outputs(batch);
        for (int parity = 0; parity < 2; parity++)
        {
            for (int row = 1 - parity; row < size; row += 2)
            {
                Array.ForEach(inputs, values => Noise(random, Row(values, row, size)));
            }

            float[][] after = Outputs(batch);
            for (int row = parity; row < size; row += 2)
            {
                if (!IsSame(before, row, after, row, size))
                {
                    return false;
                }
            }

            before = after;
        }

        return true;
    }

    private static int[] Classes(BoundSession batch, float[][] inputs, Random random, int size)
    {
        int[] classes = new int[size];
        for (int look = 0; look < Looks; look++)
        {
            foreach (float[] values in inputs)
            {
                Span<float> first = Row(values, 0, size);
                Noise(random, first);
                for (int row = 1; row < size; row++)
                {
                    first.CopyTo(Row(values, row, size));
                }
            }

            float[][] outputs = Outputs(batch);
            int[] finer = new int[size];
            for (int row = 0; row < size; row++)
            {
                // The first row that was never told from this one names the class.
                finer[row] = Enumerable
                    .Range(0, row + 1)
                    .First(other => classes[other] == classes[row] && IsSame(outputs, other, outputs, row, size));
            }

            classes = finer;
        }

        return classes;
    }

    private static bool IsSame(float[][] some, int row, float[][] others, int other, int size) =>
        some.Zip(others).All(pair => Row(pair.First, row, size).SequenceEqual(Row(pair.Second, other, size)));

    private static float[][] Outputs(BoundSession batch)
    {
        batch.Run();
        return [.. Enumerable.Range(0, batch.OutputCount).Select(o => (float[])batch.OutputAt(o).Clone())];
    }

    private static Span<float> Row(float[] values, int row, int rows) =>
        values.AsSpan(row * (values.Length / rows), values.Length / rows);

    private static void Noise(Random random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = random.NextSingle();
        }
    }
}
