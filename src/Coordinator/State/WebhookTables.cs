using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Keys and indexes of webhooks and of what is sent to them.</summary>
internal static class WebhookTables
{
    public static void Configure(EntityTypeBuilder<WebhookRow> webhook)
    {
        _ = webhook.Property(w => w.Id).ValueGeneratedNever();
        _ = webhook.Property(w => w.Events).AsJson();
        _ = webhook.Property(w => w.Retired).AsJson();
        // Looked into with every change of a job's state.
        _ = webhook.HasIndex(w => new
        {
            w.TenantId,
            w.CreatedAt,
            w.Id,
        });
    }

    public static void Configure(EntityTypeBuilder<WebhookDeliveryRow> delivery)
    {
        _ = delivery.Property(d => d.Id).ValueGeneratedNever();
        _ = delivery.HasOne<WebhookRow>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
        // What senders read every second holds nothing that is over.
        _ = delivery.HasIndex(d => d.DueAt).HasFilter("\"State\" = 'Pending'");
        _ = delivery.HasIndex(d => d.EndedAt).HasFilter("\"State\" <> 'Pending'");
        _ = delivery.HasIndex(d => new
        {
            d.WebhookId,
            d.CreatedAt,
            d.Id,
        });
    }

    public static void Configure(EntityTypeBuilder<WebhookAttemptRow> attempt)
    {
        _ = attempt.HasKey(a => new { a.DeliveryId, a.Number });
        _ = attempt.Property(a => a.Number).ValueGeneratedNever();
        _ = attempt
            .HasOne<WebhookDeliveryRow>()
            .WithMany()
            .HasForeignKey(a => a.DeliveryId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}
