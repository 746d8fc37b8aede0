/** What `mesh-proxy --help` prints. */
export const HELP = `mesh-proxy: the sidecar and gateway of a mesh, or a proxy of its own.

  mesh-proxy --config DIR [options]   serve the YAML of a folder, without a control plane
  mesh-proxy --settings FILE          serve what a control plane says (JSON; or MESH_SETTINGS=FILE)

Options beside --config:
  --as gateway|sidecar   what it is; gateway, unless a WorkloadEntry of its name says otherwise
  --name NAME            its name, that of a WorkloadEntry where one registers it; ingress, or sidecar
  --namespace NS         its namespace; default
  --labels a=b,c=d       what Gateways, Sidecars and policies select it by;
                         of a gateway istio=ingressgateway,app=istio-ingressgateway
  --address IP           where it listens; 127.0.0.1, this machine alone (0.0.0.0: everybody may connect)
  --admin PORT           admin pages, on 127.0.0.1; 15000
  --health PORT          /healthz/ready; 15021
  --metrics PORT         /stats/prometheus; 15090
  --outbound PORT        of a sidecar: the HTTP proxy for its application; 15001
  --concurrency N        workers, each on a core of its own; 0: one for each core; 1 (or MESH_CONCURRENCY)
  --memory-limit SIZE    as 512Mi: near it callers are turned away; auto, all of a container's memory
                         or half of a machine's; off (or MESH_MEMORY_LIMIT)
  --io PLUG              fast (epoll and OpenSSL, Linux), portable or auto; auto (or MESH_IO)
  --hot-restart PATH     a Unix socket: takes the listening sockets of the proxy that offers them
                         there, which ends its calls and goes; then offers its own
  --log-level LEVEL      trace, debug, info, warn, error, fatal or silent; info (or MESH_LOG_LEVEL)

The folder is read again whenever it changes. SIGTERM drains.
`
