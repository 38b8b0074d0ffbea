namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Element types of tensors, numbered as TensorProto.DataType of onnx.proto.</summary>
public enum OnnxType
{
    Undefined = 0,
    Float = 1,
    Uint8 = 2,
    Int8 = 3,
    Uint16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Bool = 9,
    Half = 10,
    Double = 11,
    Uint32 = 12,
    Uint64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}

public static class OnnxTypes
{
    /// <summary>Bytes of one element in raw data; 0 for types that have none here (text, and those that are not known).</summary>
    public static int Size(this OnnxType type) =>
        type switch
        {
            OnnxType.Uint8 or OnnxType.Int8 or OnnxType.Bool => 1,
            OnnxType.Uint16 or OnnxType.Int16 or OnnxType.Half or OnnxType.BFloat16 => 2,
            OnnxType.Float or OnnxType.Int32 or OnnxType.Uint32 => 4,
            OnnxType.Int64 or OnnxType.Uint64 or OnnxType.Double or OnnxType.Complex64 => 8,
            OnnxType.Complex128 => 16,
            _ => 0,
        };
}
