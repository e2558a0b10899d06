// A program that has the packages installed, and nothing else of ours.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import * as atk from '@svtoo/atk'

const require = createRequire(import.meta.url)
assert.equal(require('@svtoo/atk').Home, atk.Home, 'there is one instance')
const home = await atk.Home.init(fs.mkdtempSync(`${process.cwd()}/home-`))
assert.deepEqual(await home.list(), [])
await assert.rejects(home.mcp('none'), { name: 'AtkError', code: 'plugin_not_installed' })
