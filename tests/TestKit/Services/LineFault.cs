namespace FaceFusion.Batch.TestKit.Services;

/// <summary>What a line between a process and a server does instead of passing bytes on.</summary>
public enum LineFault
{
    None,

    /// <summary>Every HTTP request is answered with 500, and never reaches the server.</summary>
    Answer500,

    /// <summary>The same with 503.</summary>
    Answer503,

    /// <summary>About 50 KiB/s.</summary>
    Slow,

    /// <summary>HTTP uploads are cut after half of their bytes.</summary>
    HalfUpload,

    /// <summary>HTTP uploads reach the server whole, and its word about them is cut off.</summary>
    AnswerLost,

    /// <summary>Connections stay open and nothing comes through; when this is over they are cut.</summary>
    BlackHole,

    /// <summary>New connections are closed at once, old ones are cut.</summary>
    Refuse,
}
