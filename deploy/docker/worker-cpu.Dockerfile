# A worker on CPUs, of the folder that deploy/docker/build.sh lays out. Reads its options from the environment (docs/fleet.md).
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
FROM ${BASE_IMAGE}
USER root
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/* && mkdir /work && chown 1654:1654 /work
COPY bin/ /usr/local/bin/
COPY app/ /app/
ENV HOME=/work FFB_WORK=/work FFB_WORKER_LISTEN=0.0.0.0:9100 FFB_DEVICE=cpu FFB_CACHE=/work/cache FFB_MODEL_STORE=/work/models \
    MASSTRANSIT_USAGE_TELEMETRY=false ORT_DISABLE_TELEMETRY=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_EnableDiagnostics=0
# With /tmp, all that is written to: the rest may be read-only.
VOLUME ["/work", "/tmp"]
USER 1654:1654
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=6 CMD ["ffb-health", "FFB_WORKER_LISTEN"]
ENTRYPOINT ["ffb"]
CMD ["worker"]
