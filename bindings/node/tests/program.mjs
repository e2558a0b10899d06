// A program that is bundled, and then run.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AbortError, AtkError, Home, resolve } from '@svtoo/atk'

async function main() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'atk-bundle-'))
  try {
    const home = await Home.init(path.join(scratch, 'home'), { cacheDir: path.join(scratch, 'cache') })
    assert.deepEqual(await home.list(), [])
    await assert.rejects(home.show('none'), (error) => error instanceof AtkError && error.code === 'plugin_not_installed')
    await assert.rejects(home.list({ signal: AbortSignal.abort() }), (error) => error instanceof AbortError)
    assert.equal((await resolve('github.com/org/tool')).type, 'git')
    console.log('works')
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

// A bundle of CommonJS has no await at its top.
void main()
