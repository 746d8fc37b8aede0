#!/usr/bin/env node
// npm links this as node_modules/.bin/meshctl.
import '../../../tools/setup/meshctl.mjs'
