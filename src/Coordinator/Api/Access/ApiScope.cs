namespace FaceFusion.Batch.Coordinator.Api.Access;

/// <summary>What a key may allow. <see cref="Admin"/> allows all of it.</summary>
public static class ApiScope
{
    public const string ReadJobs = "jobs:read";

    /// <summary>Also to bring uploads and sources.</summary>
    public const string WriteJobs = "jobs:write";

    public const string Workers = "workers";

    /// <summary>To say which addresses are told of a tenant's jobs, and to read what they were told.</summary>
    public const string Webhooks = "webhooks";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [ReadJobs, WriteJobs, Workers, Webhooks, Admin];
}

/// <summary>On an endpoint: the scope that it asks for.</summary>
internal sealed record ScopeNeeded(string Scope);

/// <summary>Whose request it is.</summary>
/// <param name="KeyId">The key that it came with.</param>
/// <param name="TenantId">Whose rows it may see.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Seal">Secret of the server bound to the key: signs what the client hands back.</param>
internal sealed record Caller(Guid KeyId, string TenantId, IReadOnlyList<string> Scopes, byte[] Seal)
{
    public bool May(string scope) => Scopes.Contains(scope) || Scopes.Contains(ApiScope.Admin);
}
