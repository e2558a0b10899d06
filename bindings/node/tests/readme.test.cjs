'use strict'
// The README's scripts do what it says.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { scratch } = require('./support.cjs')

const LIB = path.join(__dirname, '../lib')
const PRINTED = [
  `missing: GREETING
the plugin says: Hello, installed
added: Greeter
listed: greeter ready
shown: GREETING Hello env_file
left: 0
`,
  `Tool would change [ 'run.sh' ]
plan_outdated
1 of 1 Tool
tool done
`,
]

test('the scripts of the README run', () => {
  const readme = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8')
  const scripts = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, script]) => script)
  PRINTED.forEach((expected, at) => {
    const file = path.join(scratch, `readme-${at}.mjs`)
    // The package finds itself by its name from its own directory only.
    const here = (_, part) => `'${pathToFileURL(path.join(LIB, part === '/testing' ? 'testing.mjs' : 'index.mjs')).href}'`
    fs.writeFileSync(file, scripts[at].replace(/'@svtoo\/atk(\/testing)?'/g, here))
    const options = { encoding: 'utf8', env: { ...process.env, TMPDIR: scratch } }
    assert.equal(execFileSync(process.execPath, [file], options), expected)
  })
})
