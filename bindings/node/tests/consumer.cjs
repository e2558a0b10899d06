'use strict'
// The same for CommonJS, and for a package whose native half is missing.
const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { Home } = require('@svtoo/atk')

const { optionalDependencies } = require('@svtoo/atk/package.json')
for (const name of Object.keys(optionalDependencies)) assert.match(name, /^@svtoo\/atk-(linux|darwin)-/)

Home.open(fs.mkdtempSync(path.join(process.cwd(), 'home-')))
  .init()
  .then(({ created }) => {
    assert.equal(created, true)
    const found = fs.readdirSync('node_modules/@svtoo').find((name) => name.startsWith('atk-'))
    const moved = path.join('node_modules/@svtoo', found)
    fs.renameSync(moved, 'moved')
    // Another process: in this one it is loaded.
    const { status, stderr } = spawnSync(process.execPath, ['-e', "require('@svtoo/atk')"], { encoding: 'utf8' })
    fs.renameSync('moved', moved)
    assert.equal(status, 1)
    assert.match(stderr, /ERR_ATK_NATIVE_MISSING/)
    assert.ok(stderr.includes(`the package \`@svtoo/${found}\` has it`), stderr)
  })
