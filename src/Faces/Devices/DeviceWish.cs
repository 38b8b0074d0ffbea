namespace FaceFusion.Batch.Faces.Devices;

/// <summary>One device that was asked for.</summary>
/// <param name="Provider">Its kind.</param>
/// <param name="Number">Which of several, from 0; 0 where there is only one.</param>
public readonly record struct DeviceWish(Provider Provider, int Number = 0)
{
    public static DeviceWish Cpu => new(Provider.Cpu);

    /// <summary>A GPU of NVIDIA, by whichever provider.</summary>
    public bool IsNvidia => Provider == Provider.Cuda || Provider == Provider.TensorRt;

    /// <summary>As <c>--device</c> takes it: <c>cuda:1</c>, <c>cpu</c>.</summary>
    public override string ToString() => Provider.IsNumbered ? $"{Provider.Name}:{Number}" : Provider.Name;
}
