# A worker on CPUs, of the folder that deploy/docker/build.sh lays out. Reads its options from the environment (docs/fleet.md).
# Of the base image it takes .NET and the files that it needs (contents), and no package manager, no driver and no other program.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${BASE_IMAGE} AS distribution
USER root
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates ffmpeg tzdata
COPY closure.sh contents /
RUN bash /closure.sh /image </contents && mkdir -p /own/work /own/tmp && chmod 1777 /own/tmp \
 && printf 'root:x:0:0::/:/bin/false\nffb:x:1654:1654::/work:/bin/false\n' >/image/etc/passwd

FROM scratch
COPY --from=distribution /image/ /
COPY --from=distribution /usr/share/dotnet/ /usr/share/dotnet/
COPY --from=distribution --chown=1654:1654 /own/ /
COPY bin/ /usr/local/bin/
COPY app/ /app/
ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/share/dotnet SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt DOTNET_RUNNING_IN_CONTAINER=true \
    HOME=/work FFB_WORK=/work FFB_WORKER_LISTEN=0.0.0.0:9100 FFB_DEVICE=cpu FFB_CACHE=/work/cache FFB_MODEL_STORE=/work/models \
    MASSTRANSIT_USAGE_TELEMETRY=false ORT_DISABLE_TELEMETRY=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_EnableDiagnostics=0
# With /tmp, all that is written to: the rest may be read-only.
VOLUME ["/work", "/tmp"]
USER 1654:1654
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=6 CMD ["ffb-health", "FFB_WORKER_LISTEN"]
ENTRYPOINT ["ffb"]
CMD ["worker"]
