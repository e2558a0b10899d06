'use strict'
// What operations resolve with is what `documents.schema.json` says.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const Ajv = require('ajv/dist/2020')
const schema = require('../lib/documents.schema.json')
const { OPERATIONS } = require('../lib/operations.cjs')
const { Scratch } = require('../lib/testing.cjs')
const { rejected } = require('./support.cjs')

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(schema, 'atk')

/** A document as JSON, checked. */
function checked(pointer, value) {
  const document = JSON.parse(JSON.stringify(value))
  const validate = ajv.getSchema(`atk#/${pointer}`)
  assert.ok(validate(document), `${pointer}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(document)}`)
  return document
}

test('outcomes, events, prompts and errors are as published', async (t) => {
  const scratch = Scratch.for(t)
  const home = await scratch.home({ atk: '/bin/atk', registry: scratch.registry([{ name: 'Memory' }]) })
  const onEvent = (event) => checked('$defs/Event', event)
  const trust = ['*']
  const seen = new Set()
  const outcome = async (name, ...given) => {
    seen.add(name)
    return checked(`properties/${name}`, await home[name](...given))
  }
  const url = scratch.repository({
    name: 'Tool',
    envVars: [{ name: 'KEY', required: true, secret: true }],
    lifecycle: { install: 'echo hi', uninstall: 'true', start: 'exit 7', stop: 'true', status: 'false', logs: 'echo' },
    mcp: { transport: 'stdio', command: 'sh', env: ['KEY'] },
    files: { 'run.sh': 'echo hi\n', 'README.md': '# Tool\n' },
  })
  const onPrompt = (prompt) => checked('$defs/Prompt', prompt) && 'secret'
  await outcome('init')
  await outcome('resolve', url)
  await outcome('fetch', url, `${scratch.path}/preview`)
  await outcome('add', url, { trust, onEvent, onPrompt })
  await outcome('add', 'Memory', { trust, onEvent })
  await outcome('list')
  await outcome('show', 'tool')
  await outcome('search', 'mem')
  await outcome('registryAdd', 'team', 'h.org/registry', { mirrors: ['m.org/registry'], onEvent })
  await outcome('registryList')
  await outcome('registryRemove', 'team', { onEvent })
  await outcome('mcp', 'tool')
  await outcome('exec', 'tool', ['-c', 'true'])
  await outcome('agents')
  const agents = { agents: ['cursor'], project: scratch.path }
  await outcome('planPlug', 'tool', agents)
  await outcome('plug', 'tool', { ...agents, onEvent })
  await outcome('plugs')
  await outcome('unplug', 'tool')
  await outcome('readme', 'tool')
  await outcome('status')
  await outcome('logs', 'tool', { onEvent })
  await outcome('run', 'tool', 'run.sh', { onEvent })
  await outcome('git', ['status'])
  await outcome('setup', 'tool', { env: { KEY: 'x' } })
  await outcome('install', { onEvent })
  const started = await outcome('start', { onEvent })
  assert.deepEqual(started.plugins.map(({ result }) => result), ['failed', 'skipped'])
  assert.equal((await rejected(home.restart('tool'))).code, 'lifecycle_failed')
  await outcome('restart')
  await outcome('stop')
  scratch.change(url, { 'run.sh': 'echo ho\n' })
  await outcome('outdated')
  await outcome('verify', { extra: true })
  await outcome('repair', { yes: true, onEvent })
  await outcome('history')
  await outcome('schema', 'atk')
  await outcome('validate', url, { strict: true })
  await outcome('create', `${scratch.path}/created`, { displayName: 'Created', service: 'script', mcp: 'http', skill: true })
  await outcome('create', `${scratch.path}/imported`, { server: 'uvx:weather==1.0' })
  await outcome('create', null, { displayName: 'In Home', inHome: true })
  await home.remove('in-home', { yes: true })
  await outcome('registryInit', `${scratch.path}/registry`)
  await outcome('registryBuild', `${scratch.path}/registry`, { checkOnly: true })
  await home.git(['-C', `${scratch.path}/registry`, '-c', 'user.name=A', '-c', 'user.email=a@localhost', 'commit', '--allow-empty', '-qm', 'One'])
  await outcome('registryDiff', `${scratch.path}/registry`, { base: 'HEAD' })
  await outcome('hold', 'tool')
  await outcome('unhold', 'tool')
  const plan = await outcome('planUpgrade', { onEvent })
  assert.equal(plan.plugins[0].result, 'done')
  await outcome('upgrade', { plan, trust, onEvent })
  checked('$defs/Error', await rejected(home.show('nothing')))
  checked('$defs/Error', await rejected(home.list({ signal: AbortSignal.abort() })))
  await outcome('remove', 'tool', { yes: true })
  await outcome('doctor', { fix: true, onEvent })
  await outcome('planUndo', { onEvent })
  await outcome('undo', { trust, onEvent })
  seen.add('watch')
  const changes = home.watch()
  await changes.ready
  await outcome('bootstrap')
  await home.add(scratch.plugin({ name: 'Other' }))
  checked('$defs/Event', (await changes.next()).value)
  await changes.return()
  await outcome('cache')
  await outcome('cacheFetch')
  await outcome('cacheExport', 'exported.tar')
  await outcome('cacheImport', 'exported.tar')
  await outcome('clearCache')
  assert.deepEqual([...seen].sort(), Object.keys(OPERATIONS).sort())
})

test('a document with another field in the place of one is not as published', () => {
  assert.throws(() => checked('$defs/CacheReport', { path: '/x', bytes: 'x', entries: [], trash: [] }), /must be integer/)
  assert.throws(() => checked('properties/list', [{ name: 'x' }]), /must have required property/)
})
