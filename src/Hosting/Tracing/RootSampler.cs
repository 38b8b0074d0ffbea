using System.Diagnostics;
using OpenTelemetry.Trace;

namespace FaceFusion.Batch.Hosting.Tracing;

/// <summary>
/// Which traces are begun: those of requests that ask for something to be done, and of work on a job. Polls, signs of life and the
/// sweeper's rounds would be most of all traces and tell nothing.
/// </summary>
internal sealed class RootSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        bool isWanted = samplingParameters.Kind switch
        {
            ActivityKind.Internal => true,
            ActivityKind.Server => samplingParameters.Tags is { } tags
                && tags.Any(tag => tag.Key == "http.request.method" && tag.Value is "POST" or "PATCH" or "DELETE"),
            _ => false,
        };
        return new SamplingResult(isWanted ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
