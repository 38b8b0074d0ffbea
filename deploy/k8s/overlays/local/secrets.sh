#!/usr/bin/env bash
# Usage: secrets.sh | kubectl apply -f -
# Writes the namespace and the Secrets of the local overlay, with passwords made up anew. Run it once: servers keep the password of their
# first start. The scaler's key comes later, from `ffb keys create --scope workers`.
set -euo pipefail

# Letters and digits alone, which need no escape in an address or a connection string.
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# secret NAME KEY=VALUE...
secret() {
    printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: ffb\nstringData:\n' "$1"
    local pair
    for pair in "${@:2}"; do printf '  %s: "%s"\n' "${pair%%=*}" "${pair#*=}"; done
}

database=$(password) broker=$(password)
store=$(head -c 64 /dev/urandom | base64 -w 0)
address=amqp://ffb:$broker@ffb-rabbitmq:5672/
printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ffb\n'
secret ffb-postgres "POSTGRES_PASSWORD=$database"
secret ffb-rabbitmq "RABBITMQ_DEFAULT_PASS=$broker"
secret ffb-azurite "AZURITE_ACCOUNTS=ffb:$store"
secret ffb-coordinator "FFB_POSTGRES=Host=ffb-postgres;Database=ffb;Username=ffb;Password=$database" "FFB_RABBITMQ=$address" \
    "FFB_BLOBS=DefaultEndpointsProtocol=http;AccountName=ffb;AccountKey=$store;BlobEndpoint=http://ffb-azurite:10000/ffb;"
secret ffb-worker "FFB_RABBITMQ=$address"
