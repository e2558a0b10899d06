'use strict'
// The testing kit, used as the tests of a program use it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { Scratch, makePrompt } = require('../lib/testing.cjs')
const { fresh, rejected } = require('./support.cjs')

const GREETER = {
  name: 'Greeter',
  envVars: [{ name: 'TOKEN', required: true, secret: true }],
  lifecycle: { install: 'echo installed', uninstall: 'echo gone', healthEndpoint: 'http://localhost:1/' },
  mcp: { transport: 'stdio', command: 'greet', env: ['TOKEN'] },
  files: { 'run.sh': 'echo hello\n', 'README.md': '# Greeter\n' },
}

test('a plugin of a draft is added, and its script runs', async (t) => {
  const scratch = Scratch.for(t)
  const home = await scratch.home()
  await home.add(scratch.plugin(GREETER), { env: { TOKEN: 'x' } })
  const { definition } = await home.show('greeter')
  assert.equal(definition.lifecycle.healthEndpoint, 'http://localhost:1/')
  assert.deepEqual(definition.mcp.env, ['TOKEN'])
  let text = ''
  await home.run('greeter', 'run.sh', { onOutput: (output) => (text += output.text) })
  assert.equal(text, 'hello\n')
  assert.ok(home.path.startsWith(scratch.path))
})

test('a repository of a draft is added and upgraded', async (t) => {
  const scratch = Scratch.for(t)
  const home = await scratch.home()
  const url = scratch.repository({ name: 'Tool', files: { 'notes.txt': 'one\n' } })
  await home.add(url, { trust: ['*'] })
  const commit = scratch.change(url, { 'notes.txt': 'two\n' })
  const [{ outcome }] = (await home.upgrade({ trust: ['*'] })).plugins
  assert.equal(outcome.plan.newPin, commit)
  assert.throws(() => scratch.change('file:///elsewhere', {}), TypeError)
})

test('a registry is made of drafts, of plugins in a directory, or of a registry', async (t) => {
  const scratch = Scratch.for(t)
  const drafts = scratch.registry([{ name: 'Memory' }, { name: 'Search' }])
  const plugins = fresh('plugins')
  fs.cpSync(scratch.plugin({ name: 'Third' }), path.join(plugins, 'third'), { recursive: true })
  const ofDirectory = scratch.registry(plugins)
  const names = async (registry) => {
    const home = await scratch.home({ registry })
    return (await home.search()).plugins.map(({ name }) => name)
  }
  assert.deepEqual(await names(drafts), ['Memory', 'Search'])
  assert.deepEqual(await names(ofDirectory), ['third'])
  assert.deepEqual(await names(scratch.registry(ofDirectory.replace('file://', ''))), ['third'])
  const home = await scratch.home({ registry: ofDirectory })
  assert.equal((await home.add('third', { trust: ['*'] })).source.type, 'registry')
})

test('nothing but the directory is used, and nothing is left of it', async (t) => {
  const scratch = new Scratch()
  process.env.GIT_DIR = '/nowhere'
  t.after(() => delete process.env.GIT_DIR)
  const home = await scratch.home()
  assert.equal((await rejected(home.search())).code, 'repository_not_found')
  await home.add(scratch.repository({ name: 'Tool' }), { trust: ['*'] })
  let email = ''
  await home.git(['config', 'user.email'], { onOutput: ({ text }) => (email += text) })
  assert.equal(email, 'test@example.com\n')
  scratch.remove()
  assert.equal(fs.existsSync(scratch.path), false)
})

test('a prompt has the fields of one', () => {
  assert.deepEqual(makePrompt({ plugin: 'greeter', default: 'x' }), {
    id: 'env:greeter:NAME',
    plugin: 'greeter',
    kind: 'text',
    message: 'NAME',
    details: [],
    default: 'x',
    required: true,
    position: [1, 1],
  })
  assert.equal(makePrompt({ kind: 'trust' }).id, 'trust:tool')
})
