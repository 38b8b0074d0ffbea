namespace FaceFusion.Batch.Cli.Doctoring;

internal enum Health
{
    /// <summary>Works.</summary>
    Good,

    /// <summary>Not there; something is slower, weaker or not on offer without it.</summary>
    Lacking,

    /// <summary>Nothing works without it.</summary>
    Broken,
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Health">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null where nothing is.</param>
internal sealed record Finding(string Subject, Health Health, string Found, string? Advice = null);
