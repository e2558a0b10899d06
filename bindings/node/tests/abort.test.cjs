'use strict'
// What an abort does, and what a callback does that throws or rejects.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { getEventListeners } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { promisify } = require('node:util')
const atk = require('..')
const { home, local, rejected, silentServer, sleep, snapshot } = require('./support.cjs')

const SLOW = 'lifecycle:\n  install: touch began; sleep 60\n  uninstall: echo\n'
const ASKING = 'env_vars:\n- name: KEY\n  required: true\n'

/** Runs `operation(where, signal)`, aborts it when `when` resolves, and checks what was promised. */
async function abortedWhen(operation, when) {
  const where = await home()
  const before = snapshot(where.path)
  const controller = new AbortController()
  const reason = new Error('the user went away')
  const running = operation(where, controller.signal)
  running.catch(() => {})
  await when()
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1)
  controller.abort(reason)
  const error = await rejected(running)
  assert.ok(error instanceof atk.AbortError && error instanceof atk.AtkError)
  assert.deepEqual([error.name, error.code, error.exitCode], ['AbortError', 'cancelled', 130])
  assert.equal(error.cause, reason)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  assert.deepEqual(snapshot(where.path), before)
}

/** A callback, and a promise that resolves when it is first called. */
function called(callback = () => {}) {
  let first
  const happened = new Promise((resolve) => (first = resolve))
  const wrapped = (...args) => {
    first()
    return callback(...args)
  }
  return [wrapped, () => happened]
}

test('an abort before the operation lets nothing begin', async () => {
  const where = await home()
  const before = snapshot(where.path)
  const signal = AbortSignal.abort(new Error('too late'))
  const events = []
  const error = await rejected(where.add(local('Tool'), { signal, onEvent: (event) => events.push(event) }))
  assert.deepEqual([error.name, error.code, error.cause.message], ['AbortError', 'cancelled', 'too late'])
  assert.equal(error.number, atk.ERROR_CODES.cancelled.number)
  assert.deepEqual(events, [])
  assert.equal(getEventListeners(signal, 'abort').length, 0)
  assert.deepEqual(snapshot(where.path), before)
})

test('an abort ends a fetch from a server that does not answer', async () => {
  const server = await silentServer()
  await abortedWhen(
    (where, signal) => where.add(server.url, { signal, trust: ['*'] }),
    () => server.connected,
  )
  await server.close()
})

test('an abort ends a question that nobody answers', async () => {
  const [onPrompt, asked] = called(() => new Promise(() => {}))
  await abortedWhen((where, signal) => where.add(local('Asker', ASKING), { signal, onPrompt }), asked)
})

test('an answer after an abort is not used', async () => {
  let answer
  const [onPrompt, asked] = called(() => new Promise((resolve) => (answer = resolve)))
  await abortedWhen((where, signal) => where.add(local('Asker', ASKING), { signal, onPrompt }), asked)
  answer('late')
  await sleep(20)
})

test('an abort ends a lifecycle command', async () => {
  const [onEvent, stepped] = called()
  await abortedWhen(
    (where, signal) => {
      const running = (event) => event.event === 'step' && event.description === 'running install' && onEvent()
      return where.add(local('Slow', SLOW), { signal, onEvent: running })
    },
    async () => {
      await stepped()
      await sleep(100)
    },
  )
})

test('an abort within a callback ends the operation', async () => {
  const where = await home()
  const controller = new AbortController()
  const onEvent = () => controller.abort()
  const error = await rejected(where.add(local('Tool'), { signal: controller.signal, onEvent }))
  assert.equal(error.name, 'AbortError')
  assert.equal(error.cause, controller.signal.reason)
  assert.deepEqual(await where.list(), [])
})

test('an operation that succeeded leaves no listener', async () => {
  const where = await home()
  const { signal } = new AbortController()
  for (let i = 0; i < 20; i++) await where.list({ signal })
  await rejected(where.mcp('nothing', { signal }))
  await rejected(where.mcp(7, { signal }))
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

for (const callback of ['onEvent', 'onOutput', 'onPrompt']) {
  for (const [how, fail] of [
    ['throws', (error) => { throw error }],
    ['rejects', async (error) => { await sleep(5); throw error }],
  ]) {
    test(`an ${callback} that ${how} fails the operation with that very error`, async () => {
      const where = await home()
      const before = snapshot(where.path)
      const thrown = { not: 'even an Error' }
      let calls = 0
      const more = 'lifecycle:\n  install: echo one; sleep 0.2; echo two\n  uninstall: echo\n'
      const options = { env: callback === 'onPrompt' ? {} : { KEY: 'x' } }
      options[callback] = () => {
        calls += 1
        return fail(thrown)
      }
      const error = await rejected(where.add(local('Tool', ASKING + more), options))
      assert.equal(error, thrown)
      assert.equal(calls, 1, 'it is called no more')
      const after = snapshot(where.path)
      // Of a command that was cut short the answers stay for the next try.
      if (callback === 'onOutput') delete after['plugins/tool/.env']
      assert.deepEqual(after, before)
      assert.deepEqual(await where.list(), [])
    })
  }
}

test('an answer of another type is refused', async () => {
  const where = await home()
  const error = await rejected(where.add(local('Tool', ASKING), { onPrompt: () => 7 }))
  assert.ok(error instanceof TypeError)
  assert.match(error.message, /a number/)
})

test('a program ends when its operations have ended, and no sooner', async () => {
  const where = await home()
  const script = `
    const { Home } = require(${JSON.stringify(path.join(__dirname, '..'))})
    const controller = new AbortController()
    const where = Home.open(${JSON.stringify(where.path)})
    where.add(${JSON.stringify(local('Asker', ASKING))}, {
      signal: controller.signal,
      onPrompt: () => new Promise(() => setTimeout(() => controller.abort(), 50)),
    }).catch((error) => { process.exitCode = error.name === 'AbortError' ? 42 : 1 })
  `
  const run = promisify(execFile)(process.execPath, ['-e', script], { timeout: 20000 })
  const { code, stdout, stderr } = await rejected(run)
  assert.deepEqual([code, stdout, stderr], [42, '', ''])
})

test('process.exit in the middle of an operation ends the program', async () => {
  const where = await home()
  const script = `
    const { Home } = require(${JSON.stringify(path.join(__dirname, '..'))})
    Home.open(${JSON.stringify(where.path)}).add(${JSON.stringify(local('Asker', ASKING))}, {
      onPrompt: () => process.exit(43),
    })
  `
  const { code, stderr } = await rejected(promisify(execFile)(process.execPath, ['-e', script], { timeout: 20000 }))
  assert.deepEqual([code, stderr], [43, ''])
  assert.deepEqual(await where.list(), [])
  assert.ok(!fs.existsSync(path.join(where.path, 'plugins/asker')))
})
