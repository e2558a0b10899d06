'use strict'
// Errors, reports and homes as JSON, as structured clones, as stack traces, and in a debugger.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { test } = require('node:test')
const { inspect } = require('node:util')
const { MessageChannel, receiveMessageOnPort } = require('node:worker_threads')
const atk = require('..')
const { fresh, home, local, rejected, registry } = require('./support.cjs')

const FAILING = 'lifecycle:\n  start: exit 7\n  stop: exit 0\n  install: echo\n  uninstall: echo\n'

test('an error is the same after JSON', async () => {
  const where = await home()
  const error = await rejected(where.show('nothing'))
  const document = JSON.parse(JSON.stringify(error))
  assert.deepEqual(document, {
    name: 'AtkError',
    message: 'plugin `nothing` not found',
    code: 'plugin_not_installed',
    number: atk.ERROR_CODES.plugin_not_installed.number,
    exitCode: atk.ERROR_CODES.plugin_not_installed.exitCode,
    details: error.details,
  })
  assert.equal(document.details.plugin, 'nothing')
  const again = atk.AtkError.from(document)
  assert.ok(again instanceof atk.AtkError)
  assert.deepEqual(again.toJSON(), error.toJSON())
  assert.equal(atk.AtkError.from(error), error)
  assert.ok(atk.AtkError.from({ message: 'm', code: 'cancelled' }) instanceof atk.AbortError)
  for (const other of [undefined, null, 'text', {}, { message: 'm' }, new Error('m'), { code: 'x' }]) {
    assert.throws(() => atk.AtkError.from(other), TypeError)
  }
})

test('a report is the same after JSON, failures included', async () => {
  const where = await home()
  await where.add(local('Two', FAILING))
  const report = await where.start()
  const document = JSON.parse(JSON.stringify(report))
  const { error } = report.plugins[0]
  assert.deepEqual(document.plugins[0].error, JSON.parse(JSON.stringify(error)))
  assert.equal(document.plugins[0].error.message, error.message)
  assert.equal(document.plugins[0].error.details.commandExitCode, 7)
})

test('a structured clone of an error can be made an error again, with its code', async () => {
  const error = await rejected((await home()).show('nothing'))
  const { port1, port2 } = new MessageChannel()
  port1.postMessage({ error, document: error.toJSON() })
  const { message } = receiveMessageOnPort(port2)
  port1.close()
  for (const clone of [structuredClone(error), message.error]) {
    assert.ok(clone instanceof Error)
    assert.deepEqual([clone.message, clone.stack], [error.message, error.stack])
    const again = atk.AtkError.from(clone)
    assert.deepEqual({ ...again.toJSON(), details: error.details }, error.toJSON())
  }
  assert.deepEqual(atk.AtkError.from(message.document).toJSON(), error.toJSON())
  const aborted = await rejected((await home()).list({ signal: AbortSignal.abort() }))
  assert.ok(atk.AtkError.from(structuredClone(aborted)) instanceof atk.AbortError)
})

test('events of output are JSON without their bytes', async () => {
  const where = await home()
  const events = []
  const onEvent = (event) => event.event === 'output' && events.push(event)
  await where.add(local('Tool', "lifecycle: {install: echo hi, uninstall: 'true'}\n"), { onEvent })
  assert.deepEqual(JSON.parse(JSON.stringify(events)), [
    { event: 'output', plugin: 'tool', command: 'install', stream: 'stdout', text: 'hi\n' },
  ])
  assert.equal(structuredClone(events[0]).chunk.toString(), '104,105,10')
})

test('the stack of an error has the line that called the operation', async () => {
  const where = await home()
  await where.add(local('Two', FAILING))
  async function theCaller() {
    await null
    return where.mcp('nothing')
  }
  const failures = {
    failed: await rejected(theCaller()),
    mistyped: await rejected((async function theCaller() { await where.mcp(7) })()),
    aborted: await rejected((async function theCaller() { await where.list({ signal: AbortSignal.abort() }) })()),
    init: await rejected((async function theCaller() { await atk.Home.init(local('Occupied')) })()),
    line: (await (async function theCaller() { return where.start() })()).plugins[0].error,
  }
  for (const [what, { stack }] of Object.entries(failures)) {
    assert.match(stack, /\n {4}at (?:async )?theCaller \(.*errors\.test\.cjs:\d+:\d+\)/, what)
  }
  const [first] = failures.failed.stack.split('\n')
  assert.equal(first, 'AtkError [plugin_not_installed]: plugin `nothing` not found')
  assert.match(failures.aborted.stack, /^AbortError \[cancelled\]: /)
  assert.match(inspect(failures.failed), /^AtkError \[plugin_not_installed\]: plugin `nothing`/)
})

test('errors can be made by a program for its tests', () => {
  const error = new atk.AtkError('it is full')
  assert.deepEqual([error.code, error.number, error.details], ['internal', atk.ERROR_CODES.internal.number, {}])
  const { exitCode } = new atk.AtkError('it is full', { code: 'home_locked' })
  assert.equal(exitCode, atk.ERROR_CODES.home_locked.exitCode)
  assert.equal(new atk.AbortError('gone').code, 'cancelled')
})

test('a home shows its path and options, and nothing that is secret', async () => {
  const path = fresh('home')
  assert.equal(inspect(new atk.Home(path)), `Home { path: '${path}' }`)
  const options = { registry: 'https://user:token@example.com/r.git', env: { TOKEN: 's3cret' }, wait: false }
  const text = inspect({ home: new atk.Home(path, options) }, { breakLength: Infinity })
  const shown = "{ wait: false, registry: 'https://example.com/r.git', env: { TOKEN: '…' } }"
  assert.equal(text, `{ home: Home { path: '${path}', options: ${shown} } }`)
  assert.equal(JSON.stringify(new atk.Home(path, options)), JSON.stringify({ path }))
})

test('callbacks see what the caller stored for asynchronous work', async () => {
  const storage = new AsyncLocalStorage()
  const where = await home({ registry: registry({}) })
  const seen = new Set()
  await storage.run('request 7', () => where.search(undefined, { onEvent: () => seen.add(storage.getStore()) }))
  assert.deepEqual([...seen], ['request 7'])
})
