using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Jobs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Delivery = table.Column<Guid>(type: "uuid", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    LeaseOwner = table.Column<string>(type: "text", nullable: true),
                    Incarnation = table.Column<Guid>(type: "uuid", nullable: false),
                    StageFailures = table.Column<int>(type: "integer", nullable: false),
                    Publishing = table.Column<bool>(type: "boolean", nullable: false),
                    IsParked = table.Column<bool>(type: "boolean", nullable: false),
                    Priority = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    RunStartedAt = table.Column<long>(type: "bigint", nullable: false),
                    FusingSince = table.Column<long>(type: "bigint", nullable: true),
                    FramesAtFusingStart = table.Column<int>(type: "integer", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                    IsCollected = table.Column<bool>(type: "boolean", nullable: false),
                    TargetLabel = table.Column<string>(type: "text", nullable: false),
                    TargetSha256 = table.Column<string>(type: "text", nullable: false),
                    OutputPath = table.Column<string>(type: "text", nullable: true),
                    Recipe = table.Column<string>(type: "text", nullable: false),
                    Sources = table.Column<string>(type: "text", nullable: false),
                    ChunkFrames = table.Column<int>(type: "integer", nullable: true),
                    Format = table.Column<string>(type: "text", nullable: true),
                    FrameCount = table.Column<int>(type: "integer", nullable: false),
                    FrameTableBlob = table.Column<string>(type: "text", nullable: true),
                    ScanBlob = table.Column<string>(type: "text", nullable: true),
                    SheetBlob = table.Column<string>(type: "text", nullable: true),
                    ScanFramesDone = table.Column<int>(type: "integer", nullable: false),
                    PipelineKey = table.Column<string>(type: "text", nullable: true),
                    AnalysisKey = table.Column<string>(type: "text", nullable: true),
                    Models = table.Column<string>(type: "text", nullable: false),
                    Gates = table.Column<string>(type: "text", nullable: false),
                    Warnings = table.Column<string>(type: "text", nullable: false),
                    StageMilliseconds = table.Column<string>(type: "text", nullable: false),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    ResultSha256 = table.Column<string>(type: "text", nullable: true),
                    ResultBlob = table.Column<string>(type: "text", nullable: true),
                    ReportBlob = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Jobs", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Workers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    Slots = table.Column<int>(type: "integer", nullable: false),
                    Busy = table.Column<int>(type: "integer", nullable: false),
                    LastSeen = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Workers", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Attempts",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChunkIndex = table.Column<int>(type: "integer", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Delivery = table.Column<Guid>(type: "uuid", nullable: false),
                    ReleasedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    WorkerId = table.Column<string>(type: "text", nullable: true),
                    Outcome = table.Column<string>(type: "text", nullable: false),
                    Failure = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_Attempts",
                        x => new
                        {
                            x.JobId,
                            x.ChunkIndex,
                            x.Attempt,
                        }
                    );
                    table.ForeignKey(
                        name: "FK_Attempts_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "Chunks",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "uuid", nullable: false),
                    Index = table.Column<int>(type: "integer", nullable: false),
                    Start = table.Column<int>(type: "integer", nullable: false),
                    End = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Delivery = table.Column<Guid>(type: "uuid", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    Incarnation = table.Column<Guid>(type: "uuid", nullable: false),
                    ReleasedAt = table.Column<long>(type: "bigint", nullable: true),
                    Cost = table.Column<int>(type: "integer", nullable: false),
                    WorkerId = table.Column<string>(type: "text", nullable: true),
                    FramesDone = table.Column<int>(type: "integer", nullable: false),
                    SegmentBytes = table.Column<long>(type: "bigint", nullable: false),
                    SegmentSha256 = table.Column<string>(type: "text", nullable: true),
                    HeaderSha256 = table.Column<string>(type: "text", nullable: true),
                    FramesHash = table.Column<string>(type: "text", nullable: true),
                    Seconds = table.Column<double>(type: "double precision", nullable: false),
                    Analysed = table.Column<bool>(type: "boolean", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Chunks", x => new { x.JobId, x.Index });
                    table.ForeignKey(
                        name: "FK_Chunks_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Chunks_State_LeaseUntil",
                table: "Chunks",
                columns: new[] { "State", "LeaseUntil" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_State_LeaseUntil",
                table: "Jobs",
                columns: new[] { "State", "LeaseUntil" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Attempts");

            migrationBuilder.DropTable(name: "Chunks");

            migrationBuilder.DropTable(name: "Workers");

            migrationBuilder.DropTable(name: "Jobs");
        }
    }
}
