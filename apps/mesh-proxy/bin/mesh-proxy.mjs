#!/usr/bin/env node
// npm links this as node_modules/.bin/mesh-proxy.
import '../../../tools/setup/mesh-proxy.mjs'
