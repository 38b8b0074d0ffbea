using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class TenantsAndUploads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "CancelReason", table: "Jobs", type: "text", nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Labels",
                table: "Jobs",
                type: "text",
                nullable: false,
                defaultValue: ""
            );

            migrationBuilder.AddColumn<long>(name: "PausedAt", table: "Jobs", type: "bigint", nullable: true);

            migrationBuilder.AddColumn<Guid>(name: "TargetUploadId", table: "Jobs", type: "uuid", nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TenantId",
                table: "Jobs",
                type: "text",
                nullable: false,
                defaultValue: "local"
            );

            migrationBuilder.AddColumn<long>(
                name: "UpdatedAt",
                table: "Jobs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.AddColumn<long>(
                name: "Version",
                table: "Jobs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L
            );

            migrationBuilder.CreateTable(
                name: "ApiKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    SecretSha256 = table.Column<string>(type: "text", nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeys", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Idempotency",
                columns: table => new
                {
                    TenantId = table.Column<string>(type: "text", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: false),
                    Fingerprint = table.Column<string>(type: "text", nullable: false),
                    MadeId = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: false),
                    Status = table.Column<int>(type: "integer", nullable: true),
                    Body = table.Column<string>(type: "text", nullable: true),
                    Location = table.Column<string>(type: "text", nullable: true),
                    ETag = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Idempotency", x => new { x.TenantId, x.Key });
                }
            );

            migrationBuilder.CreateTable(
                name: "Sources",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    UploadIds = table.Column<string>(type: "text", nullable: false),
                    PhotoSha256 = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sources", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Uploads",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    FileName = table.Column<string>(type: "text", nullable: false),
                    Bytes = table.Column<long>(type: "bigint", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    BlockBytes = table.Column<int>(type: "integer", nullable: false),
                    IsDeduplicated = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    Media = table.Column<string>(type: "text", nullable: true),
                    Failure = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Uploads", x => x.Id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_TenantId_CreatedAt_Id",
                table: "Jobs",
                columns: new[] { "TenantId", "CreatedAt", "Id" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Sources_TenantId_CreatedAt_Id",
                table: "Sources",
                columns: new[] { "TenantId", "CreatedAt", "Id" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Uploads_TenantId_Sha256",
                table: "Uploads",
                columns: new[] { "TenantId", "Sha256" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "ApiKeys");

            migrationBuilder.DropTable(name: "Idempotency");

            migrationBuilder.DropTable(name: "Sources");

            migrationBuilder.DropTable(name: "Uploads");

            migrationBuilder.DropIndex(name: "IX_Jobs_TenantId_CreatedAt_Id", table: "Jobs");

            migrationBuilder.DropColumn(name: "CancelReason", table: "Jobs");

            migrationBuilder.DropColumn(name: "Labels", table: "Jobs");

            migrationBuilder.DropColumn(name: "PausedAt", table: "Jobs");

            migrationBuilder.DropColumn(name: "TargetUploadId", table: "Jobs");

            migrationBuilder.DropColumn(name: "TenantId", table: "Jobs");

            migrationBuilder.DropColumn(name: "UpdatedAt", table: "Jobs");

            migrationBuilder.DropColumn(name: "Version", table: "Jobs");
        }
    }
}
