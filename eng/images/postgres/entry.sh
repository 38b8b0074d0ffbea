#!/usr/bin/env bash
# Makes the cluster, its owner and its database at the first start, and runs the server.
set -euo pipefail
user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -D "$PGDATA" -U "$user" -A scram-sha-256 --pwfile=<(echo "${POSTGRES_PASSWORD:?}") --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses='*'" >>"$PGDATA/postgresql.conf"
    [ "$database" = postgres ] || echo "create database \"$database\";" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
[ "${1:-}" = postgres ] || set -- postgres "$@"
exec "$@"
