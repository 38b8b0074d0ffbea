using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Access;

/// <summary>A key that has just been made: the only time its text is to be had.</summary>
/// <param name="Id">To revoke it by.</param>
/// <param name="Text"><c>ffb_&lt;id&gt;_&lt;secret&gt;</c>.</param>
public sealed record MadeKey(Guid Id, string Text);

/// <summary>A key without its text, which nobody has but its owner.</summary>
/// <param name="Id">To revoke it by.</param>
/// <param name="TenantId">Whose rows it opens.</param>
/// <param name="Name">For people.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="RevokedAt">Null: it is not.</param>
public sealed record KnownKey(
    Guid Id,
    string TenantId,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt
);

/// <summary>
/// Keys to the API: 256 random bits each, of which a hash is stored. A key that was good counts as good for some seconds without
/// a look into the database, in this process until it is revoked here.
/// </summary>
public sealed class ApiKeys(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    private const string Prefix = "ffb_";
    private const int SecretBytes = 32;
    private const int MostKnown = 10_000;

    /// <summary>How long a revoked key may still be taken by other processes.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, Known> _known = new();

    /// <param name="tenantId">1 to 64 of a-z, 0-9 and '-'.</param>
    /// <param name="name">For people.</param>
    /// <param name="scopes">Of <see cref="ApiScope.All"/>, at least one.</param>
    /// <param name="expiresAt">Null: never.</param>
    /// <param name="cancellationToken">Nothing is made.</param>
    /// <exception cref="ArgumentException">Tenant or scopes are none.</exception>
    public async Task<MadeKey> CreateAsync(
        string tenantId,
        string name,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    )
    {
        if (
            tenantId.Length is < 1 or > 64
            || !tenantId.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        )
        {
            throw new ArgumentException("A tenant is named with 1 to 64 of a-z, 0-9 and '-'.", nameof(tenantId));
        }

        if (scopes.Count == 0 || scopes.Any(scope => !ApiScope.All.Contains(scope)))
        {
            throw new ArgumentException($"Scopes are {string.Join(", ", ApiScope.All)}.", nameof(scopes));
        }

        DateTimeOffset now = clock.GetUtcNow();
        Guid id = Guid.CreateVersion7(now);
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        _ = context.ApiKeys.Add(
            new ApiKeyRow
            {
                Id = id,
                TenantId = tenantId,
                Name = name,
                SecretSha256 = Convert.ToHexStringLower(HashOf(secret)),
                Scopes = string.Join(' ', scopes),
                CreatedAt = now,
                ExpiresAt = expiresAt,
            }
        );
        _ = await context.SaveChangesAsync(cancellationToken);
        return new MadeKey(id, $"{Prefix}{id:N}_{secret}");
    }

    /// <summary>Every key of every tenant, the oldest first.</summary>
    public async Task<IReadOnlyList<KnownKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<ApiKeyRow> rows = await context.ApiKeys.AsNoTracking().ToListAsync(cancellationToken);
        return
        [
            .. rows.OrderBy(k => k.CreatedAt)
                .Select(k => new KnownKey(
                    k.Id,
                    k.TenantId,
                    k.Name,
                    k.Scopes.Split(' '),
                    k.CreatedAt,
                    k.ExpiresAt,
                    k.RevokedAt
                )),
        ];
    }

    /// <summary>False: there is no such key. At once in this process, within seconds in others.</summary>
    public async Task<bool> RevokeAsync(Guid keyId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        int changed = await context
            .ApiKeys.Where(k => k.Id == keyId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(k => k.RevokedAt, k => k.RevokedAt ?? clock.GetUtcNow()),
                cancellationToken
            );
        _ = _known.TryRemove(keyId, out _);
        return changed == 1;
    }

    /// <summary>Null: no key, or one that is unknown, expired or revoked; which of these, nobody is told.</summary>
    internal async Task<Caller?> FindAsync(string text, CancellationToken cancellationToken)
    {
        string[] parts = text.Split('_');
        bool fits = parts.Length == 3 && parts[0] == "ffb" && parts[2].Length == 2 * SecretBytes;
        if (!fits || !Guid.TryParseExact(parts[1], "N", out Guid id))
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (!_known.TryGetValue(id, out Known? known) || known.SeenAt + Remembered <= now)
        {
            known = await LookUpAsync(id, now, cancellationToken);
        }

        if (known is null || known.ExpiresAt <= now)
        {
            return null;
        }

        byte[] given = HashOf(parts[2]);
        return CryptographicOperations.FixedTimeEquals(given, known.Hash) ? known.Caller : null;
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private async Task<Known?> LookUpAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        ApiKeyRow? row = await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancellationToken);
        if (row is null || row.RevokedAt is not null)
        {
            _ = _known.TryRemove(id, out _);
            return null;
        }

        byte[] hash = Convert.FromHexString(row.SecretSha256);
        Caller caller = new(row.Id, row.TenantId, row.Scopes.Split(' '), SHA256.HashData([.. "seal"u8, .. hash]));
        Known known = new(caller, hash, row.ExpiresAt, now);
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[id] = known;
        return known;
    }

    private sealed record Known(Caller Caller, byte[] Hash, DateTimeOffset? ExpiresAt, DateTimeOffset SeenAt);
}
