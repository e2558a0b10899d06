'use strict'
// The README's script does what it says.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { scratch } = require('./support.cjs')

test('the script of the README runs', () => {
  const readme = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8')
  const [, script] = /```js\n(.*?)```/s.exec(readme)
  const file = path.join(scratch, 'readme.mjs')
  // The package finds itself by its name from its own directory only.
  const here = new URL(`file://${path.join(__dirname, '../lib/index.mjs')}`).href
  fs.writeFileSync(file, script.replace("'@svtoo/atk'", `'${here}'`))
  const printed = execFileSync(process.execPath, [file], { encoding: 'utf8', env: { ...process.env, TMPDIR: scratch } })
  assert.equal(
    printed,
    `missing: GREETING
the plugin says: Hello, installed
added: Greeter
listed: greeter ready
left: 0
`,
  )
})
