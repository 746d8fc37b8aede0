#!/bin/sh
# A client without a line of mesh code: curl, which finds its sidecar in HTTP_PROXY like any other program.
# (curl reads only the lower-case name, so that a CGI header cannot set it.)
http_proxy=${http_proxy:-${HTTP_PROXY:-}}
no_proxy=${no_proxy:-${NO_PROXY:-}}
export http_proxy no_proxy
every=${EVERY_SECONDS:-10}

trap 'exit 0' TERM INT HUP
while :; do
  curl --silent --show-error --max-time 10 --output /dev/null \
    --write-out 'details answered %{http_code} in %{time_total} s\n' http://details:9080/details/0
  sleep "$every" &
  wait $!
done
