using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class TracesReplaysExpiry : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(name: "BlockedAt", table: "Workers", type: "bigint", nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Strikes",
                table: "Workers",
                type: "integer",
                nullable: false,
                defaultValue: 0
            );

            migrationBuilder.AddColumn<string>(
                name: "TraceParent",
                table: "Jobs",
                type: "character varying(55)",
                maxLength: 55,
                nullable: true
            );

            migrationBuilder.CreateTable(
                name: "Replays",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChunkIndex = table.Column<int>(type: "integer", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Delivery = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    WorkerId = table.Column<string>(type: "text", nullable: true),
                    FramesDone = table.Column<int>(type: "integer", nullable: false),
                    FramesHash = table.Column<string>(type: "text", nullable: true),
                    DifferentFrames = table.Column<string>(type: "text", nullable: false),
                    Failure = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_Replays",
                        x => new
                        {
                            x.JobId,
                            x.ChunkIndex,
                            x.Number,
                        }
                    );
                    table.ForeignKey(
                        name: "FK_Replays_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(name: "IX_Uploads_ExpiresAt", table: "Uploads", column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Expiring",
                table: "Jobs",
                column: "FinishedAt",
                filter: "\"IsCollected\""
            );

            migrationBuilder.CreateIndex(name: "IX_Jobs_TargetSha256", table: "Jobs", column: "TargetSha256");

            migrationBuilder.CreateIndex(name: "IX_Idempotency_CreatedAt", table: "Idempotency", column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Replays_LeaseUntil",
                table: "Replays",
                column: "LeaseUntil",
                filter: "\"LeaseUntil\" IS NOT NULL"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Replays");

            migrationBuilder.DropIndex(name: "IX_Uploads_ExpiresAt", table: "Uploads");

            migrationBuilder.DropIndex(name: "IX_Jobs_Expiring", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Jobs_TargetSha256", table: "Jobs");

            migrationBuilder.DropIndex(name: "IX_Idempotency_CreatedAt", table: "Idempotency");

            migrationBuilder.DropColumn(name: "BlockedAt", table: "Workers");

            migrationBuilder.DropColumn(name: "Strikes", table: "Workers");

            migrationBuilder.DropColumn(name: "TraceParent", table: "Jobs");
        }
    }
}
