'use strict'
// The README's scripts do what it says.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { fresh, scratch, tool } = require('./support.cjs')

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

const readme = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8')
const scripts = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, script]) => script)

/** A script of the README, in a file. */
function written(name, script) {
  const file = path.join(scratch, `readme-${name}.mjs`)
  // The package finds itself by its name from its own directory only.
  const here = (_, part) => `'${pathToFileURL(path.join(LIB, part === '/testing' ? 'testing.mjs' : 'index.mjs')).href}'`
  fs.writeFileSync(file, script.replace(/'@svtoo\/atk(\/testing)?'/g, here))
  return file
}

test('the scripts of the README run', () => {
  const silent = scripts.filter((script) => !script.startsWith('// add.mjs'))
  PRINTED.forEach((expected, at) => {
    const file = written(at, silent[at])
    const options = { encoding: 'utf8', env: { ...process.env, TMPDIR: scratch } }
    assert.equal(execFileSync(process.execPath, [file], options), expected)
  })
})

test('the script of the README asks and adds', () => {
  const file = written('add', scripts.find((script) => script.startsWith('// add.mjs')))
  const url = tool('Tool', `env_vars: [{name: TOKEN, required: true, secret: true}, {name: MODE, default: dflt}]
lifecycle: {install: echo $TOKEN $MODE, uninstall: 'true'}
`)
  const home = fresh('asked')
  const add = (input, env) =>
    spawnSync(process.execPath, [file, home, url], { encoding: 'utf8', input, env: { ...process.env, ...env } })

  const refused = add('n\n', { TOKEN: 's3cret' })
  assert.match(refused.stdout, /install: echo \$TOKEN \$MODE\n[^]*trust file:/)
  assert.match(refused.stderr, /^declined: /)
  assert.equal(refused.status, 0)
  const unset = add('y\n')
  assert.match(unset.stderr, /^variables_unset: /)
  assert.equal(unset.status, 8)
  const added = add('y\n', { TOKEN: 's3cret' })
  assert.match(added.stdout, /placing files\nrunning install\ns3cret dflt\ncommitting\nadded Tool\n$/)
  assert.equal(added.status, 0)
  const again = add('')
  assert.equal(again.stdout, 'tool is already installed\n')
  assert.equal(again.status, 5)
})
