using FaceFusion.Batch.Deploy.Tests.Manifests;
using FaceFusion.Batch.Deploy.Tests.Rules;

namespace FaceFusion.Batch.Deploy.Tests;

/// <summary>Every overlay, as it would be applied.</summary>
public sealed class OverlayTests
{
    public static TheoryData<string> Overlays { get; } = [.. Tree.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_AsRendered_BreaksNoRule(string overlay) => Assert.Empty(Rule.FindAll(Manifest.Render(overlay)));

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_AsRendered_RunsEveryProcess(string overlay)
    {
        IEnumerable<string> processes = Manifest.Render(overlay).Pods.Select(pod => pod.Process).OfType<string>();

        Assert.Equal(["coordinator", "coordinator", "worker"], processes.Order());
    }

    [Fact]
    public void Overlays_AreThoseDescribed() =>
        Assert.Equal(["azure", "gpu-spot", "local", "local-by-messages"], Tree.Overlays);
}
