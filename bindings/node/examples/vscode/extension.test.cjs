'use strict'
// The bundled extension against a stub of the editor, on real homes.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { after, test } = require('node:test')
const { Home } = require('../..')
const { change, fresh, local, registry, silentServer, sleep, snapshot, tool } = require('../../tests/support.cjs')
const { stub } = require('./vscode.stub.cjs')

const bundle = path.join(fresh('bundle'), 'extension.cjs')
const bin = path.join(__dirname, '../../node_modules/.bin')
const { scripts } = require('./package.json')
execFileSync('sh', ['-c', scripts.bundle.replace('dist/extension.cjs', bundle) + ' --log-level=error'], {
  cwd: __dirname,
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
})

let editor
const load = Module._load
Module._load = (request, ...rest) => {
  if (request === 'vscode') return editor.vscode
  if (request === '@svtoo/atk') return require('../..')
  return load(request, ...rest)
}

const activations = []
// The editor ends what an extension subscribed to.
after(() => activations.flatMap(({ subscriptions }) => subscriptions).forEach((one) => one.dispose()))

/** The activated extension, on a home that does not exist yet. */
function activated(plugins = {}) {
  process.env.ATK_REGISTRY_URL = registry(plugins)
  const where = fresh('home')
  editor = stub({ 'atk.home': where })
  delete require.cache[bundle]
  const context = { subscriptions: [] }
  require(bundle).activate(context)
  activations.push(context)
  assert.equal(context.subscriptions.length, 7)
  return { ...editor, where }
}

const looks = async (editor) =>
  (await editor.tree().getChildren()).map(({ label, description, iconPath }) => [label, description, iconPath.id])

const SECRET = `env_vars:
- name: HOST
  default: localhost
- name: TOKEN
  required: true
  secret: true
lifecycle:
  install: echo installed for $HOST
  uninstall: echo gone
  start: touch running
  stop: rm -f running
  status: test -f running
`

test('every command that is contributed is registered', () => {
  const { commands } = activated()
  const { contributes } = require('./package.json')
  assert.deepEqual(Object.keys(commands).sort(), contributes.commands.map(({ command }) => command).sort())
})

test('a plugin of the registry is picked, asked about, shown and removed', async () => {
  const editor = activated({ memory: SECRET, other: '' })
  assert.deepEqual(await looks(editor), [], 'without a home the tree is empty')
  let refreshed = 0
  editor.tree().onDidChangeTreeData(() => (refreshed += 1))

  editor.answers.showQuickPick = (items) => items.find(({ label }) => label === 'memory')
  editor.answers.showWarningMessage = (message, options, yes) => yes
  editor.answers.showInputBox = ({ password }) => (password ? 's3cret' : '')
  await editor.commands['atk.add']()

  const [[items]] = editor.shown('showQuickPick')
  assert.deepEqual(items.slice(1).map(({ label }) => label), ['memory', 'other'])
  const boxes = editor.shown('showInputBox').map(([options]) => options)
  assert.deepEqual(boxes.map(({ password }) => password), [false, true])
  assert.deepEqual(boxes.map(({ value }) => value), ['localhost', ''])
  assert.equal(boxes[1].validateInput(''), 'TOKEN is required')
  assert.equal(boxes[1].validateInput('x'), undefined)
  assert.match(fs.readFileSync(path.join(editor.where, 'plugins/memory/.env'), 'utf8'), /TOKEN="?s3cret"?/)
  assert.equal(editor.written().includes('s3cret'), false)
  assert.match(editor.written(), /installed for localhost/)
  assert.deepEqual(editor.shown('showInformationMessage'), [['memory was added.']])
  assert.ok(editor.progress.every(({ cancellable, listeners }) => cancellable && listeners() === 0))
  assert.ok(editor.progress.at(-1).messages.includes('running install'))
  assert.deepEqual(await looks(editor), [['memory', 'stopped', 'circle-outline']])
  assert.ok(refreshed >= 1)
  fs.writeFileSync(path.join(editor.where, 'plugins/memory/running'), '')
  assert.deepEqual(await looks(editor), [['memory', 'running', 'circle-filled']])

  const [item] = await editor.tree().getChildren()
  editor.answers.showWarningMessage = () => undefined
  await editor.commands['atk.remove'](item)
  assert.equal((await looks(editor)).length, 1, 'it was declined')
  editor.answers.showWarningMessage = (message, options, yes) => yes
  await editor.commands['atk.remove'](item)
  const [, { modal, detail }] = editor.shown('showWarningMessage').at(-1)
  assert.equal(modal, true)
  assert.ok(detail.length > 0)
  assert.deepEqual(await looks(editor), [])
  assert.deepEqual(editor.shown('showErrorMessage'), [])
})

test('what another program changes is shown', async () => {
  const editor = activated()
  const home = await Home.init(editor.where)
  await editor.commands['atk.refresh']()
  const changed = new Promise((resolve) => editor.tree().onDidChangeTreeData(resolve))
  // The watch begins by itself; a change before it is not one.
  for (let at = 0, is = 'waiting'; is !== 'changed'; at++) {
    assert.ok(at < 50, 'nothing was shown')
    await home.add(local(`Tool${at}`))
    is = await Promise.race([changed.then(() => 'changed'), sleep(500)])
  }
  assert.ok((await looks(editor)).length > 0)
})

test('an upgrade shows its plan and is done after a yes alone', async () => {
  const editor = activated()
  const url = tool('Tool', '', { 'run.sh': 'echo one\n' })
  editor.answers.showQuickPick = (items) => items[0]
  editor.answers.showInputBox = () => url
  editor.answers.showWarningMessage = (message, options, yes) => yes
  await editor.commands['atk.add']()
  assert.deepEqual(editor.shown('showErrorMessage'), [])
  await editor.commands['atk.upgrade']()
  assert.deepEqual(editor.shown('showInformationMessage').at(-1), ['Everything is up to date.'])

  change(url, 'run.sh', 'echo two\n')
  const file = path.join(editor.where, 'plugins/tool/run.sh')
  await editor.commands['atk.upgrade']()
  const [message, { detail }] = editor.shown('showInformationMessage').at(-1)
  assert.equal(message, 'Upgrade Tool?')
  assert.match(detail, /^Tool: [0-9a-f]{8} → [0-9a-f]{8}\nchanged: run\.sh/)
  assert.equal(fs.readFileSync(file, 'utf8'), 'echo one\n', 'it was not confirmed')
  editor.answers.showInformationMessage = (text, options, yes) => yes
  await editor.commands['atk.upgrade']()
  assert.equal(fs.readFileSync(file, 'utf8'), 'echo two\n')
})

test('an upgrade that its source outran is not done', async () => {
  const editor = activated()
  const url = tool('Tool', '', { 'run.sh': 'echo one\n' })
  editor.answers.showQuickPick = (items) => items[0]
  editor.answers.showInputBox = () => url
  editor.answers.showWarningMessage = (message, options, yes) => yes
  await editor.commands['atk.add']()
  change(url, 'run.sh', 'echo two\n')
  editor.answers.showInformationMessage = (text, options, yes) => {
    if (yes) change(url, 'run.sh', 'echo three\n')
    return yes
  }
  const file = path.join(editor.where, 'plugins/tool/run.sh')
  const [item] = await editor.tree().getChildren()
  for (const chosen of [undefined, item]) {
    await editor.commands['atk.upgrade'](chosen)
    assert.match(editor.shown('showErrorMessage').at(-1)[0], /no longer the one that was planned/)
    assert.equal(fs.readFileSync(file, 'utf8'), 'echo one\n')
    change(url, 'run.sh', 'echo four\n')
  }
  assert.equal(editor.shown('showErrorMessage').length, 2)
})

test('cancelling the notification, or closing a dialog, leaves the home as it was', async () => {
  const editor = activated()
  const server = await silentServer()
  editor.answers.showQuickPick = (items) => items[0]
  editor.answers.showInputBox = () => server.url
  editor.answers.showWarningMessage = (message, options, yes) => yes
  server.connected.then(() => editor.progress.at(-1).cancel())
  await editor.commands['atk.add']()
  await server.close()
  const before = snapshot(editor.where)

  const source = local('Asker', SECRET)
  editor.answers.showInputBox = ({ prompt }) => (prompt.startsWith('A git URL') ? source : undefined)
  await editor.commands['atk.add']()
  assert.deepEqual(editor.shown('showErrorMessage'), [])
  assert.deepEqual(editor.shown('showInformationMessage'), [])
  assert.deepEqual(snapshot(editor.where), before)
})

test('a failure is shown, with what the command wrote in the output', async () => {
  const editor = activated()
  const source = local('Failing', 'lifecycle:\n  install: echo broken pipe; exit 4\n  uninstall: echo\n')
  editor.answers.showQuickPick = (items) => items[0]
  editor.answers.showInputBox = () => source
  editor.answers.showErrorMessage = (message, more) => more
  await editor.commands['atk.add']()
  const [[message, more]] = editor.shown('showErrorMessage')
  assert.match(message, /failing/i)
  assert.equal(more, 'Show details')
  assert.match(editor.written(), /broken pipe/)
  assert.deepEqual(await looks(editor), [])
})
