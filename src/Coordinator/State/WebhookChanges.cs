using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>The only way to change rows of webhooks: each change makes a new version, so that whoever holds an older one sees it.</summary>
internal static class WebhookChanges
{
    /// <summary>Sets what <paramref name="set"/> says and the next version; the number of rows.</summary>
    public static Task<int> ChangeAsync(
        this IQueryable<WebhookRow> webhooks,
        DateTimeOffset now,
        Action<UpdateSettersBuilder<WebhookRow>> set,
        CancellationToken stop
    ) =>
        webhooks.ExecuteUpdateAsync(
            setters =>
            {
                _ = setters.SetProperty(w => w.Version, w => w.Version + 1).SetProperty(w => w.UpdatedAt, now);
                set(setters);
            },
            stop
        );
}
