namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>Makes a broken file of good and bad ones; the same seed makes the same file.</summary>
internal sealed class OnnxMutator(IReadOnlyList<byte[]> corpus)
{
    private const int MostDepth = 12;
    private const int MostBytes = 65_536;

    private static readonly byte[] Bytes = [0x00, 0x01, 0x7f, 0x80, 0xff];

    private static readonly ulong[] Numbers =
    [
        0,
        1,
        2,
        16,
        127,
        128,
        1 << 16,
        int.MaxValue,
        1UL << 31,
        uint.MaxValue,
        1UL << 32,
        1UL << 62,
        long.MaxValue,
        1UL << 63,
        ulong.MaxValue,
    ];

    public byte[] Make(int seed)
    {
        Random random = new(seed);
        byte[] file = Pick(random, corpus);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            file = Mutate(random, file);
        }

        return file;
    }

    private byte[] Mutate(Random random, byte[] file)
    {
        byte[] changed = random.Next(30) switch
        {
            0 => Flipped(random, file),
            1 => Set(random, file),
            2 => file[..random.Next(file.Length + 1)],
            3 => Inserted(random, file),
            4 => Cut(random, file),
            5 => Doubled(random, file),
            6 => Spliced(random, file, Pick(random, corpus)),
            7 => Wrapped(random, file),
            // The others keep the lengths right, and so come further.
            _ => Structured(random, file, 0),
        };
        return changed.Length <= MostBytes ? changed : changed[..MostBytes];
    }

    private static byte[] Flipped(Random random, byte[] file)
    {
        byte[] changed = [.. file];
        for (int i = random.Next(1, 8); i > 0 && changed.Length > 0; i--)
        {
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        }

        return changed;
    }

    private static byte[] Set(Random random, byte[] file)
    {
        byte[] changed = [.. file];
        for (int i = random.Next(1, 4); i > 0 && changed.Length > 0; i--)
        {
            changed[random.Next(changed.Length)] = Pick(random, Bytes);
        }

        return changed;
    }

    private static byte[] Inserted(Random random, byte[] file)
    {
        int at = random.Next(file.Length + 1);
        byte[] some = new byte[random.Next(1, 16)];
        random.NextBytes(some);
        return [.. file[..at], .. some, .. file[at..]];
    }

    private static byte[] Cut(Random random, byte[] file)
    {
        (int from, int to) = Range(random, file);
        return [.. file[..from], .. file[to..]];
    }

    private static byte[] Doubled(Random random, byte[] file)
    {
        (int from, int to) = Range(random, file);
        return [.. file[..to], .. file[from..]];
    }

    private static byte[] Spliced(Random random, byte[] file, byte[] other) =>
        [.. file[..random.Next(file.Length + 1)], .. other[random.Next(other.Length + 1)..]];

    /// <summary>The file as a graph in an attribute of a node of a graph, and so on.</summary>
    private static byte[] Wrapped(Random random, byte[] file)
    {
        byte[] inner = file;
        for (int i = random.Next(1, 200); i > 0 && inner.Length < MostBytes; i--)
        {
            inner = Hostile.Field(1, Hostile.Field(5, Hostile.Field(6, inner)));
        }

        return Hostile.Model([.. Hostile.Graph(), .. inner]);
    }

    /// <summary>Takes one field apart, changes it or a field inside it, and puts it back with the right lengths.</summary>
    private byte[] Structured(Random random, byte[] message, int depth)
    {
        List<WireField>? fields = WireField.Parse(message);
        if (fields is null or [])
        {
            return message;
        }

        int at = random.Next(fields.Count);
        WireField field = fields[at];
        if (
            field.Wire == 2
            && depth < MostDepth
            && random.Next(5) > 0
            && WireField.Parse(field.Content) is { Count: > 0 }
        )
        {
            fields[at] = field with { Content = Structured(random, field.Content, depth + 1) };
            return WireField.Join(fields);
        }

        switch (random.Next(8))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count + 1), field);
                break;
            case 2:
                int other = random.Next(fields.Count);
                (fields[at], fields[other]) = (fields[other], field);
                break;
            case 3:
                fields[at] = field with { Number = random.Next(1, 32) };
                break;
            case 4:
                fields[at] = new WireField(field.Number, 0, Hostile.Varint(Pick(random, Numbers)));
                break;
            case 5:
                // A length that is not there.
                return
                [
                    .. message[..random.Next(message.Length)],
                    .. Hostile.Varint(((ulong)field.Number << 3) | 2),
                    .. Hostile.Varint(Pick(random, Numbers)),
                ];
            default:
                fields[at] = field with { Wire = 2, Content = Content(random, field) };
                break;
        }

        return WireField.Join(fields);
    }

    private byte[] Content(Random random, WireField field) =>
        random.Next(4) switch
        {
            0 => [],
            1 => Pick(random, corpus),
            2 => [.. field.Content, .. field.Content],
            _ => [.. Enumerable.Repeat(Pick(random, Bytes), random.Next(1, 300))],
        };

    private static (int From, int To) Range(Random random, byte[] file)
    {
        int from = random.Next(file.Length + 1);
        return (from, random.Next(from, Math.Min(file.Length, from + 256) + 1));
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A field as it is written: a varint's own bytes, fixed bytes, or what a length stands before.</summary>
    private sealed record WireField(int Number, int Wire, byte[] Content)
    {
        /// <summary>Null: it is no message.</summary>
        public static List<WireField>? Parse(byte[] message)
        {
            List<WireField> fields = [];
            int at = 0;
            while (at < message.Length)
            {
                if (!TryVarint(message, ref at, out ulong tag) || tag >> 3 is 0 or > 1000)
                {
                    return null;
                }

                int from = at;
                int wire = (int)(tag & 7);
                bool isWhole = true;
                ulong length = 0;
                switch (wire)
                {
                    case 0:
                        isWhole = TryVarint(message, ref at, out _);
                        break;
                    case 2:
                        isWhole = TryVarint(message, ref at, out length);
                        from = at;
                        break;
                    default:
                        length = wire == 1 ? 8UL : 4UL;
                        isWhole = wire is 1 or 5;
                        break;
                }

                if (!isWhole || length > (ulong)(message.Length - at))
                {
                    return null;
                }

                at += (int)length;
                fields.Add(new WireField((int)(tag >> 3), wire, message[from..at]));
            }

            return fields;
        }

        public static byte[] Join(List<WireField> fields)
        {
            using MemoryStream all = new();
            foreach (WireField field in fields)
            {
                all.Write(Hostile.Varint(((ulong)field.Number << 3) | (uint)field.Wire));
                all.Write(field.Wire == 2 ? Hostile.Varint((ulong)field.Content.Length) : []);
                all.Write(field.Content);
            }

            return all.ToArray();
        }

        private static bool TryVarint(byte[] bytes, ref int at, out ulong value)
        {
            value = 0;
            for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
            {
                byte one = bytes[at++];
                value |= (ulong)(one & 0x7f) << shift;
                if (one < 0x80)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
