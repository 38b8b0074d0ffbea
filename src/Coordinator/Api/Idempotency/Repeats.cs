using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Idempotency;

/// <summary>
/// A request with an <c>Idempotency-Key</c> has its effect once within a day, whoever of many processes gets it how often. What it
/// makes has the id that is in its row, so that one that takes over from a dead process makes nothing second.
/// </summary>
internal sealed class Repeats(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    private const string Header = "Idempotency-Key";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <param name="http">The request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="make">Makes what has this id, or finds that it is made; throws a problem only if nothing was made.</param>
    /// <exception cref="ProblemException">The key was used for another request, or that request is in flight.</exception>
    public async Task<Made> OnceAsync(HttpContext http, byte[] body, Func<Guid, Task<Made>> make)
    {
        string key = http.Request.Headers[Header].ToString();
        if (!http.Request.Headers.ContainsKey(Header))
        {
            return await make(Guid.CreateVersion7(clock.GetUtcNow()));
        }

        if (key.Length is < 1 or > 255 || key.Any(c => c is < ' ' or > '~'))
        {
            throw Fields.Wrong(Header, "It must be 1 to 255 printable ASCII characters.");
        }

        string tenant = http.Caller().TenantId;
        string fingerprint = FingerprintOf(http.Request, body);
        (IdempotencyRow row, bool isMine) = await BeginAsync(tenant, key, fingerprint);
        if (!isMine)
        {
            return AnswerOf(row, fingerprint);
        }

        try
        {
            Made made = await make(row.MadeId);
            await EndAsync(row, made);
            return made;
        }
        catch (Exception e) when (e is ProblemException or FusionException)
        {
            // Nothing was made: the client may mend the request and use the key again.
            await ForgetAsync(row);
            throw;
        }
    }

    private static string FingerprintOf(HttpRequest request, byte[] body)
    {
        byte[] head = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. head, .. body]));
    }

    private static Made AnswerOf(IdempotencyRow row, string fingerprint)
    {
        if (row.Fingerprint != fingerprint)
        {
            throw new ProblemException(
                ProblemKind.KeyReused,
                "The Idempotency-Key was sent with another request before: use a new one."
            );
        }

        return row.Status is { } status
            ? new Made(status, row.Body ?? "", row.Location, row.ETag, row.MadeId, IsReplayed: true)
            : throw new ProblemException(ProblemKind.InFlight, "The first of them is not answered yet.")
            {
                RetryAfter = 1,
            };
    }

    private async Task<(IdempotencyRow Row, bool IsMine)> BeginAsync(string tenant, string key, string fingerprint)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IdempotencyRow mine = new()
        {
            TenantId = tenant,
            Key = key,
            Fingerprint = fingerprint,
            MadeId = Guid.CreateVersion7(now),
            CreatedAt = now,
            LeaseUntil = now + Lease,
        };
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        IQueryable<IdempotencyRow> same = context
            .Idempotency.AsNoTracking()
            .Where(r => r.TenantId == tenant && r.Key == key);
        _ = await same.Where(r => r.CreatedAt < now - Kept).ExecuteDeleteAsync();
        try
        {
            _ = context.Idempotency.Add(mine);
            _ = await context.SaveChangesAsync();
            return (mine, true);
        }
        catch (DbUpdateException)
        {
            // Somebody was first; if not, the next line says what the database says.
            IdempotencyRow first = await same.SingleAsync();
            bool isDead = first.Status is null && first.LeaseUntil <= now && first.Fingerprint == fingerprint;
            bool isTaken =
                isDead
                && await same.Where(r => r.Status == null && r.LeaseUntil == first.LeaseUntil)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, now + Lease)) == 1;
            return (first, isTaken);
        }
    }

    private async Task EndAsync(IdempotencyRow row, Made made)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        _ = await context
            .Idempotency.Where(r => r.TenantId == row.TenantId && r.Key == row.Key)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(r => r.Status, made.Status)
                    .SetProperty(r => r.Body, made.Body)
                    .SetProperty(r => r.Location, made.Location)
                    .SetProperty(r => r.ETag, made.ETag)
            );
    }

    private async Task ForgetAsync(IdempotencyRow row)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        _ = await context.Idempotency.Where(r => r.TenantId == row.TenantId && r.Key == row.Key).ExecuteDeleteAsync();
    }
}
