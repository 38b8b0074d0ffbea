namespace FaceFusion.Batch.Cli.Fetching;

/// <summary>An address did not give a model. The words go into a sentence behind its host.</summary>
/// <param name="why">Such as <c>answered 404</c>.</param>
/// <param name="mayPass">Asking again can help.</param>
/// <param name="cause">What broke, if something did.</param>
internal sealed class FetchException(string why, bool mayPass, Exception? cause = null) : Exception(why, cause)
{
    public bool MayPass { get; } = mayPass;
}
