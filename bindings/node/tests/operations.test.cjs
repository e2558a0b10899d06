'use strict'
// Every operation, with what it returns.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const atk = require('..')
const { change, fresh, git, home, local, registry, rejected, tool } = require('./support.cjs')

const SERVICE = `service:
  type: script
env_vars:
- name: TOKEN
  required: true
  secret: true
- name: LEVEL_1
  default: info
lifecycle:
  install: echo installing
  uninstall: rm -f running
  start: touch running
  stop: rm -f running
  status: test -f running
  logs: echo a line
mcp:
  transport: stdio
  command: greet
  env: [TOKEN, LEVEL_1]
`

const ASKING = 'env_vars:\n- name: KEY\n  required: true\n'

test('a plugin is added, served, described and removed', async () => {
  const where = await home()
  const texts = []
  const hear = { onOutput: (output) => texts.push([output.command, output.stream, output.text]) }
  const source = local('Greeter', SERVICE, {
    'README.md': '# Greeter\n',
    'run.sh': 'echo "$1"; exit 3\n',
  })

  const added = await where.add(source, { env: { TOKEN: 't0ken' }, ...hear })
  assert.equal(added.directory, 'greeter')
  assert.equal(added.installed, true)
  assert.deepEqual(added.source, {
    type: 'local',
    pin: null,
    url: null,
    track: null,
    held: false,
    moved: false,
  })
  assert.deepEqual(texts, [['install', 'stdout', 'installing\n']])

  const [listed, ...others] = await where.list()
  assert.deepEqual([listed.name, listed.state, others.length], ['Greeter', 'ready', 0])
  const state = async () => (await where.status('greeter')).plugins[0].outcome.state
  assert.equal(await state(), 'stopped')
  const started = await where.start('greeter')
  assert.deepEqual(started.plugins[0].outcome, { commands: ['start'], warnings: [] })
  assert.equal(await state(), 'running')
  assert.equal((await where.restart()).plugins[0].result, 'done')
  assert.equal((await where.stop()).plugins[0].result, 'done')
  assert.equal(await state(), 'stopped')

  await where.logs('greeter', hear)
  assert.deepEqual(texts.at(-1), ['logs', 'stdout', 'a line\n'])
  const ended = await where.run('greeter', 'run.sh', ['word'], hear)
  assert.equal(ended.exitCode, 3)
  assert.equal(texts.at(-1)[2], 'word\n')
  assert.equal((await where.git(['status', '--short'])).exitCode, 0)

  const server = await where.mcp('greeter')
  // The name of a variable is not a name of ours.
  assert.deepEqual(server.config.env, { TOKEN: 't0ken', LEVEL_1: 'info' })
  assert.deepEqual(server.unset, [])
  assert.equal((await where.readme('greeter')).text, '# Greeter\n')
  const setUp = await where.setup('greeter', { env: { TOKEN: 'new' } })
  assert.deepEqual(setUp.plugins[0].outcome.written, ['TOKEN'])
  assert.equal((await where.install()).plugins[0].outcome.installed, true)

  const removed = await where.remove('greeter', { yes: true })
  assert.equal(removed.uninstalled, true)
  assert.deepEqual(await where.list(), [])
})

test('a plugin of a repository is fetched, added, upgraded', async () => {
  const where = await home()
  const url = tool('Tool', '', { 'notes.txt': 'one\n' })
  assert.deepEqual(await where.resolve(url), { type: 'git', url, subdir: null, revision: null })
  assert.deepEqual(await atk.resolve('github.com/org/tool//a/b@v1'), {
    type: 'git',
    url: 'github.com/org/tool',
    subdir: 'a/b',
    revision: 'v1',
  })

  const preview = fresh('preview')
  const fetched = await where.fetch(url, preview)
  assert.deepEqual(fetched.files, ['notes.txt', 'plugin.yaml'])
  assert.equal(fetched.definition.schemaVersion, '2026-01-23')
  assert.equal((await atk.fetch(url, fresh('other'), { at: fetched.pin })).pin, fetched.pin)

  const added = await where.add(url, { trust: ['*'] })
  assert.equal(added.source.pin, fetched.pin)
  change(url, 'notes.txt', 'two\n')
  const [line] = (await where.planUpgrade()).plugins
  assert.equal(line.result, 'done')
  assert.equal(line.outcome.oldPin, fetched.pin)
  assert.deepEqual(line.outcome.files.changed, ['notes.txt'])
  const [upgraded] = (await where.upgrade(undefined, { trust: ['*'] })).plugins
  assert.equal(upgraded.outcome.plan.newPin, line.outcome.newPin)
  assert.equal(fs.readFileSync(path.join(where.path, 'plugins/tool/notes.txt'), 'utf8'), 'two\n')
  const [again] = (await where.upgrade('tool')).plugins
  assert.deepEqual([again.result, again.reason], ['skipped', 'up_to_date'])
  assert.equal((await where.uninstall('tool', { force: true })).name, 'Tool')

  const cache = await where.cache()
  assert.ok(cache.bytes > 0 && cache.entries[0].lastUsed > 0)
  await where.clearCache()
  assert.equal((await where.cache()).bytes, 0)
})

test('the registry is searched', async () => {
  const where = await home({ registry: registry({ memory: '', search: '' }) })
  assert.deepEqual((await where.search('MEM')).plugins, [
    { registry: 'default', name: 'memory', description: 'What memory does', installed: null },
  ])
  assert.equal((await where.search()).plugins.length, 2)
})

test('registries of options are used beside the default one', async () => {
  const team = registry({ memory: '', lint: '' })
  const where = await home({ registry: registry({ memory: '' }), registries: { team: [team] } })
  const found = (await where.search()).plugins.map(({ registry, name }) => `${registry}/${name}`)
  assert.deepEqual(found, ['default/memory', 'team/memory', 'team/lint'])
  const listed = await where.registryList()
  assert.deepEqual(listed.map(({ name, inHome }) => [name, inHome]), [
    ['default', false],
    ['team', false],
  ])
  assert.equal((await rejected(where.add('memory', { trust: ['*'] }))).code, 'source_ambiguous')
  assert.equal((await where.add('team/lint', { trust: ['*'] })).source.type, 'git')
  assert.throws(() => new atk.Home(where.path, { registries: { team: 'h.org/x' } }), TypeError)
})

test('questions are answered, at once or later', async () => {
  const where = await home()
  const variables = ['A', 'B', 'C', 'D'].map((name) => `- name: ${name}\n  default: d${name}\n`).join('')
  const replies = ['text', atk.USE_DEFAULT, Promise.resolve('later'), Promise.resolve(atk.USE_DEFAULT)]
  const asked = []
  await where.add(local('Asker', `env_vars:\n${variables}`), {
    onPrompt: (prompt) => {
      asked.push([prompt.id, prompt.kind, prompt.position])
      return replies[asked.length - 1]
    },
  })
  assert.deepEqual(asked[0], ['env:asker:A', 'text', [1, 4]])
  const written = fs.readFileSync(path.join(where.path, 'plugins/asker/.env'), 'utf8')
  assert.match(written, /A="?text"?\n/)
  assert.match(written, /C="?later"?\n/)
  const declined = await rejected(where.remove('asker', { onPrompt: () => false }))
  assert.equal(declined.code, 'declined')
  const removed = await where.remove('asker', { onPrompt: (prompt) => prompt.kind === 'confirm' })
  assert.equal(removed.directory, 'asker')
})

test('errors say what to act on', async () => {
  const missing = atk.Home.open(fresh('nothing'))
  const error = await rejected(missing.list())
  assert.ok(error instanceof atk.AtkError)
  assert.deepEqual([error.code, error.exitCode, error.name], ['home_not_initialized', 3, 'AtkError'])
  assert.equal(error.number, atk.ERROR_CODES.home_not_initialized.number)
  assert.equal(error.details.path, missing.path)

  const where = await home()
  const failing = local('Failing', 'lifecycle:\n  install: echo broken; exit 4\n  uninstall: echo\n')
  const failed = await rejected(where.add(failing))
  assert.deepEqual([failed.code, failed.details.commandExitCode], ['lifecycle_failed', 4])
  assert.match(failed.details.output, /broken/)
  const unset = await rejected(where.add(local('Unset', 'env_vars:\n- name: KEY\n  required: true\n')))
  assert.deepEqual(unset.details.variables, ['KEY'])
  assert.deepEqual(await where.list(), [])

  await where.add(local('Two', 'lifecycle:\n  start: exit 7\n  stop: exit 0\n  install: echo\n  uninstall: echo\n'))
  const [line] = (await where.start()).plugins
  assert.equal(line.result, 'failed')
  assert.ok(line.error instanceof atk.AtkError)
  assert.equal(line.error.code, 'lifecycle_failed')
})

test('text that is cut between chunks comes whole', async () => {
  const where = await home()
  await where.add(local('Cutter', '', { 'cut.sh': "printf 'a\\303'; sleep 0.3; printf '\\251b\\303'\n" }))
  const texts = []
  const bytes = []
  await where.run('cutter', 'cut.sh', [], {
    onOutput: ({ text, chunk }) => {
      texts.push(text)
      bytes.push(chunk)
    },
  })
  assert.equal(texts.join(''), 'aéb\ufffd')
  assert.equal(Buffer.concat(bytes).toString('latin1'), 'a\xc3\xa9b\xc3')
  assert.ok(bytes.length >= 2)
})

test('a directory with a manifest, but without a repository, is adopted', async () => {
  const where = await home()
  fs.rmSync(path.join(where.path, '.git'), { recursive: true })
  const refused = await rejected(where.init())
  assert.equal(refused.code, 'home_not_initialized')
  assert.equal((await where.init({ adopt: true })).created, true)
  assert.deepEqual(await where.list(), [])
})

test('a home is cloned, and brought to this machine in one call that can be repeated', async () => {
  const where = await home()
  await where.add(tool('Tool', ASKING), { env: { KEY: 'x' }, trust: ['*'] })
  const bare = fresh('bare')
  git(path.dirname(bare), 'clone', '-q', '--bare', where.path, bare)
  const url = `file://${bare}`
  const cloned = await atk.Home.clone(url, fresh('clone'))
  assert.deepEqual((await cloned.list()).map(({ state }) => state), ['missing'])

  const events = []
  const onEvent = ({ event, plugin, result }) => event.startsWith('plugin_') && events.push([event, plugin, result])
  const other = atk.Home.open(fresh('clone'))
  const options = { env: { KEY: 'y' }, trust: ['*'], onEvent }
  const report = await other.bootstrap(pathToFileURL(bare), options)
  assert.deepEqual([report.cloned, report.home, report.plugins[0].result], [true, other.path, 'done'])
  assert.deepEqual(events, [
    ['plugin_started', 'tool', undefined],
    ['plugin_finished', 'tool', 'done'],
  ])
  const [shown] = (await other.show('tool')).variables
  assert.deepEqual([shown.value, shown.origin], ['y', 'env_file'])
  assert.equal((await other.bootstrap(options)).cloned, false)
})
