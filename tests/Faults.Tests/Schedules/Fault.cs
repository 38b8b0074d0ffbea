using System.Globalization;

namespace FaceFusion.Batch.Faults.Tests.Schedules;

/// <summary>One fault of a schedule.</summary>
/// <param name="At">Seconds after the job was submitted.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Process">To whom: <c>coordinator</c>, <c>w0</c>, <c>w1</c>; empty: to a server or its line.</param>
/// <param name="Point">The named point or the message; empty for other kinds.</param>
/// <param name="Hit">At which time that the point or message comes by, from 1.</param>
/// <param name="Seconds">How long it lasts, or by how much the clock is wrong.</param>
internal sealed record Fault(double At, FaultKind Kind, string Process, string Point, int Hit, double Seconds)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"at {At:0.00} s {Kind}{Words(Process)}{Words(Point)}{(Point.Length > 0 ? $" (time {Hit})" : "")}{(Seconds != 0 ? $" for {Seconds:0.0} s" : "")}"
        );

    private static string Words(string text) => text.Length > 0 ? $" {text}" : "";
}
