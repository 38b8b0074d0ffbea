#!/usr/bin/env bash
# Usage: eng/migration.sh NAME
# Adds a migration of PostgreSQL's tables to src/Coordinator/State/Migrations, after a row has changed.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
artifacts=$root/artifacts
. "$eng/install.sh"
name=${1:?usage: eng/migration.sh NAME}
design=$artifacts/migration
coordinator=$root/src/Coordinator
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# A project of its own, outside the solution: only the making of a migration needs the design package.
mkdir -p "$design"
cat >"$design/design.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <RunAnalyzers>false</RunAnalyzers>
    <GenerateDocumentationFile>false</GenerateDocumentationFile>
    <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
    <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="Program.cs" />
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
    <PackageReference Include="Microsoft.EntityFrameworkCore.Design" Version="10.0.14" />
    <PrunePackageReference Include="Mono.TextTemplating" Version="99.0.0" />
    <PrunePackageReference Include="Microsoft.VisualStudio.SolutionPersistence" Version="99.0.0" />
    <ProjectReference Include="$coordinator/Coordinator.csproj" />
  </ItemGroup>
</Project>
EOF
cat >"$design/Program.cs" <<'EOF'
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

return;

public sealed class Factory : IDesignTimeDbContextFactory<JobsDbContext>
{
    public JobsDbContext CreateDbContext(string[] args)
    {
        DbContextOptionsBuilder<JobsDbContext> builder = new();
        new PostgresJobs(new PostgresOptions { ConnectionString = "Host=localhost" }).Configure(builder);
        return new JobsDbContext(builder.Options);
    }
}
EOF
log=$artifacts/migration.log
tool=$artifacts/migration-tool
[ -x "$tool/dotnet-ef" ] || dotnet tool install dotnet-ef --version 10.0.15 --tool-path "$tool" >"$log" 2>&1 \
    || fail "The tool dotnet-ef could not be fetched ($log says more)."
dotnet build "$design/design.csproj" -c Release -v q -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false >"$log" 2>&1 || fail "The Coordinator could not be built ($log says more)."
"$tool/dotnet-ef" migrations add "$name" --no-build --configuration Release --project "$coordinator/Coordinator.csproj" \
    --startup-project "$design/design.csproj" --output-dir State/Migrations \
    --namespace FaceFusion.Batch.Coordinator.State.Migrations >"$log" 2>&1 \
    || fail "The migration could not be made ($log says more)."
# The snapshot of the rows belongs beside the migrations, whatever the name space suggests.
if [ -d "$coordinator/FaceFusion" ]; then
    find "$coordinator/FaceFusion" -name '*.cs' -exec mv {} "$coordinator/State/Migrations/" \;
    rm -r "$coordinator/FaceFusion"
fi
