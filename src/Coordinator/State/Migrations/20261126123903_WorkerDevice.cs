using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class WorkerDevice : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "Device", table: "Workers", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "Device", table: "Workers");
        }
    }
}
