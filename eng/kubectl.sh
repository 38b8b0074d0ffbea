# Sourced by the scripts beside it: kubectl, of which `kubectl kustomize` alone is used. Needs install.sh.

# Components and `includeTemplates` came with kustomize 4.1 and 5.0; kubectl has a kustomize of its own, and said so from 1.24 on.
kustomize_version() { kubectl version --client 2>/dev/null | sed -n 's/^Kustomize Version: v\([0-9]*\).*/\1/p'; }

need_kubectl() {
    # The distribution's package, where it has one, may be too old; then only the project's own build is left.
    need kubectl kubernetes-client
    local major
    major=$(kustomize_version)
    [ "${major:-0}" -ge 5 ] \
        || fail "kubectl is too old: its kustomize must be 5.0 or newer (kubectl 1.27); see https://kubernetes.io/docs/tasks/tools/"
}
