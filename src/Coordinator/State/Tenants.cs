namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Whose rows are whose.</summary>
public static class Tenants
{
    /// <summary>The one tenant of a Coordinator that is not asked over HTTP.</summary>
    public const string Local = "local";
}
