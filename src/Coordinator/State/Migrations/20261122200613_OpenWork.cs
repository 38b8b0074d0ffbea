using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class OpenWork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Jobs_State_LeaseUntil", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Chunks_State_LeaseUntil", table: "Chunks");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_FinishedAt",
                table: "Jobs",
                column: "FinishedAt",
                filter: "NOT \"IsCollected\""
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_LeaseUntil",
                table: "Jobs",
                column: "LeaseUntil",
                filter: "\"State\" IN ('Queued', 'Preparing', 'Scanning', 'Gating', 'Assembling')"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Priority_TenantId_CreatedAt",
                table: "Jobs",
                columns: new[] { "Priority", "TenantId", "CreatedAt" },
                filter: "\"State\" = 'Fusing'"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Chunks_JobId",
                table: "Chunks",
                column: "JobId",
                filter: "\"State\" <> 'Fused'"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Chunks_JobId_Cost_Index",
                table: "Chunks",
                columns: new[] { "JobId", "Cost", "Index" },
                descending: new[] { false, true, false },
                filter: "\"State\" = 'Waiting'"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Chunks_LeaseUntil",
                table: "Chunks",
                column: "LeaseUntil",
                filter: "\"State\" IN ('Released', 'Running')"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Jobs_FinishedAt", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Jobs_LeaseUntil", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Jobs_Priority_TenantId_CreatedAt", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Chunks_JobId", table: "Chunks");

            migrationBuilder.DropIndex(name: "IX_Chunks_JobId_Cost_Index", table: "Chunks");

            migrationBuilder.DropIndex(name: "IX_Chunks_LeaseUntil", table: "Chunks");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_State_LeaseUntil",
                table: "Jobs",
                columns: new[] { "State", "LeaseUntil" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Chunks_State_LeaseUntil",
                table: "Chunks",
                columns: new[] { "State", "LeaseUntil" }
            );
        }
    }
}
