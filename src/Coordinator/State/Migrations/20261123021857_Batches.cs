using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class Batches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(name: "BatchId", table: "Jobs", type: "uuid", nullable: true);

            migrationBuilder.AddColumn<Guid>(name: "RowFingerprint", table: "Jobs", type: "uuid", nullable: true);

            migrationBuilder.AddColumn<string>(name: "RowKey", table: "Jobs", type: "text", nullable: true);

            migrationBuilder.CreateTable(
                name: "Batches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    Label = table.Column<string>(type: "text", nullable: true),
                    OnRowError = table.Column<string>(type: "text", nullable: false),
                    Defaults = table.Column<string>(type: "text", nullable: false),
                    ManifestUploadId = table.Column<Guid>(type: "uuid", nullable: true),
                    ManifestSha256 = table.Column<string>(type: "text", nullable: false),
                    IsChecked = table.Column<bool>(type: "boolean", nullable: false),
                    LinesEntered = table.Column<int>(type: "integer", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    Submitted = table.Column<int>(type: "integer", nullable: false),
                    Reused = table.Column<int>(type: "integer", nullable: false),
                    Invalid = table.Column<int>(type: "integer", nullable: false),
                    IsCancelled = table.Column<bool>(type: "boolean", nullable: false),
                    CancelReason = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Batches", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "BatchEntries",
                columns: table => new
                {
                    BatchId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: true),
                    JobId = table.Column<Guid>(type: "uuid", nullable: true),
                    IsReused = table.Column<bool>(type: "boolean", nullable: false),
                    Faults = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BatchEntries", x => new { x.BatchId, x.Line });
                    table.ForeignKey(
                        name: "FK_BatchEntries_Batches_BatchId",
                        column: x => x.BatchId,
                        principalTable: "Batches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_BatchId_State_PausedAt",
                table: "Jobs",
                columns: new[] { "BatchId", "State", "PausedAt" },
                filter: "\"BatchId\" IS NOT NULL"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_State_Priority_TenantId_CreatedAt",
                table: "Jobs",
                columns: new[] { "State", "Priority", "TenantId", "CreatedAt" },
                filter: "\"State\" IN ('Queued', 'Preparing', 'Scanning', 'Gating', 'Assembling')"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_TenantId_RowKey",
                table: "Jobs",
                columns: new[] { "TenantId", "RowKey" },
                unique: true,
                filter: "\"RowKey\" IS NOT NULL"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Batches_State",
                table: "Batches",
                column: "State",
                filter: "\"State\" NOT IN ('Succeeded', 'Failed', 'Cancelled', 'Refused')"
            );

            migrationBuilder.CreateIndex(
                name: "IX_Batches_TenantId_CreatedAt_Id",
                table: "Batches",
                columns: new[] { "TenantId", "CreatedAt", "Id" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "BatchEntries");

            migrationBuilder.DropTable(name: "Batches");

            migrationBuilder.DropIndex(name: "IX_Jobs_BatchId_State_PausedAt", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Jobs_State_Priority_TenantId_CreatedAt", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Jobs_TenantId_RowKey", table: "Jobs");

            migrationBuilder.DropColumn(name: "BatchId", table: "Jobs");

            migrationBuilder.DropColumn(name: "RowFingerprint", table: "Jobs");

            migrationBuilder.DropColumn(name: "RowKey", table: "Jobs");
        }
    }
}
