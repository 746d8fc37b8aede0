#!/usr/bin/env node
import { runProxy } from '@mesh/proxy'

process.exit(await runProxy(process.argv.slice(2), process.env))
