# A worker on GPUs of NVIDIA, of the folder that deploy/docker/build.sh lays out. Reads its options from the environment (docs/fleet.md).
# The program brings its own .NET; the driver comes from the machine. No fleet mixes classes of devices (docs/fleet.md).
# The base stays whole: CUDA's libraries are opened while the program runs, and which of them is the provider's to choose.
ARG BASE_IMAGE=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04
FROM ${BASE_IMAGE} AS distribution
USER root
RUN find / -xdev ! -type d >/before
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates ffmpeg tzdata
COPY closure.sh contents /
RUN bash /closure.sh --without /before /image </contents && mkdir -p /own/work /image/etc/ssl

FROM ${BASE_IMAGE}
USER root
COPY --from=distribution /image/usr/ /usr/
COPY --from=distribution /image/etc/ssl/ /etc/ssl/
COPY --from=distribution /image/var/ /var/
COPY --from=distribution --chown=1654:1654 /own/ /
COPY bin/ /usr/local/bin/
COPY app/ /app/
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt HOME=/work FFB_WORK=/work FFB_WORKER_LISTEN=0.0.0.0:9100 FFB_DEVICE=cuda \
    FFB_CACHE=/work/cache FFB_MODEL_STORE=/work/models NVIDIA_DRIVER_CAPABILITIES=compute,utility,video \
    MASSTRANSIT_USAGE_TELEMETRY=false ORT_DISABLE_TELEMETRY=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_EnableDiagnostics=0
# With /tmp, all that is written to: the rest may be read-only.
VOLUME ["/work", "/tmp"]
USER 1654:1654
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=6 CMD ["ffb-health", "FFB_WORKER_LISTEN"]
ENTRYPOINT ["ffb"]
CMD ["worker"]
