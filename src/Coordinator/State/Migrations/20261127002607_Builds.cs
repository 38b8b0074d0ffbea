using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceFusion.Batch.Coordinator.State.Migrations
{
    /// <inheritdoc />
    public partial class Builds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "Build", table: "Workers", type: "text", nullable: true);

            migrationBuilder.AddColumn<string>(name: "Build", table: "Jobs", type: "text", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "Build", table: "Workers");

            migrationBuilder.DropColumn(name: "Build", table: "Jobs");
        }
    }
}
