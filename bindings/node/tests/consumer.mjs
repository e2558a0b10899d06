// A program that has the packages installed, and nothing else of ours.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import * as atk from '@svtoo/atk'
import { Scratch } from '@svtoo/atk/testing'

const require = createRequire(import.meta.url)
assert.equal(require('@svtoo/atk').Home, atk.Home, 'there is one instance')
const home = await atk.Home.init(fs.mkdtempSync(`${process.cwd()}/home-`))
assert.deepEqual(await home.list(), [])
await assert.rejects(home.mcp('none'), { name: 'AtkError', code: 'plugin_not_installed' })

// The testing kit makes homes of the same class; the shapes of documents are shipped.
const scratch = new Scratch()
assert.ok((await scratch.home()) instanceof atk.Home)
scratch.remove()
assert.equal(require('@svtoo/atk/documents.schema.json').properties.list.type, 'array')
