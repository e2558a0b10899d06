'use strict'
// The changes of a home, whoever makes them.

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const atk = require('..')
const { git, home, local, rejected } = require('./support.cjs')

/** The changes of a home that is watched already. */
async function watched(where, options) {
  const changes = where.watch(options)
  await changes.ready
  return changes
}

/** A change within a second or two: a machine under load is slow. */
async function next(changes) {
  const { value, done } = await Promise.race([changes.next(), sleep(10_000, { value: 'nothing' }, { ref: false })])
  assert.equal(done, false, `there was ${value}`)
  return value
}

test('a loop has the changes that other processes make, and ends when it is left', async () => {
  const where = await home()
  await where.add(local('Tool'))
  const definition = path.join(where.path, 'plugins/tool/plugin.yaml')
  const edits = [
    () => fs.appendFileSync(definition, '# a comment\nvendor: {name: Me}\n'),
    () => fs.writeFileSync(path.join(where.path, 'plugins/tool/.env'), 'A=1\n'),
    // As editors save a file.
    () => {
      fs.writeFileSync(`${definition}.new`, fs.readFileSync(definition, 'utf8').replace('Me', 'You'))
      fs.renameSync(`${definition}.new`, definition)
    },
  ]
  const seen = []
  const changes = await watched(where)
  edits.shift()()
  for await (const change of changes) {
    seen.push(change)
    if (edits.length === 0) break
    edits.shift()()
  }
  assert.deepEqual(seen, Array(3).fill({ event: 'changed', plugins: ['tool'], manifest: false }))
  assert.deepEqual(await changes.next(), { value: undefined, done: true })
})

test('changes that nothing has waited for are one, and none is missed', async () => {
  const where = await home()
  for (const name of ['One', 'Two']) await where.add(local(name))
  const events = []
  const changes = await watched(where, { onEvent: (event) => event.event === 'changed' && events.push(event) })
  /** Waits until the watch has seen a change of a plugin. */
  const seen = async (plugin) => {
    for (let tries = 0; !events.some(({ plugins }) => plugins.includes(plugin)); tries++) {
      assert.ok(tries < 500, `${plugin} was not seen`)
      await sleep(20)
    }
  }
  for (const plugin of ['one', 'two']) {
    // In one step, so that it is one change.
    fs.writeFileSync(`${where.path}.env`, 'A=1\n')
    fs.renameSync(`${where.path}.env`, path.join(where.path, 'plugins', plugin, '.env'))
    await seen(plugin)
  }
  assert.deepEqual(events.map(({ plugins }) => plugins), [['one'], ['two']])
  const { plugins, manifest } = await next(changes)
  assert.deepEqual([plugins, manifest], [['one', 'two'], false])
  await changes.return()
})

test('a commit that git makes is a change', async () => {
  const where = await home()
  await where.add(local('Tool'))
  const changes = await watched(where)
  git(where.path, 'rm', '-rqf', 'plugins/tool')
  const { plugins } = await next(changes)
  assert.deepEqual(plugins, ['tool'])
  await changes.return()
})

test('an abort ends the loop with its reason', async () => {
  const where = await home()
  const controller = new AbortController()
  const changes = await watched(where, { signal: controller.signal })
  const reason = new Error('the window was closed')
  setImmediate(() => controller.abort(reason))
  const error = await rejected((async () => { for await (const change of changes) assert.fail(change) })())
  assert.ok(error instanceof atk.AbortError)
  assert.equal(error.cause, reason)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  assert.deepEqual(await changes.next(), { value: undefined, done: true })
})

test('what fails is thrown in the loop, and by ready', async () => {
  const missing = atk.Home.open(path.join((await home()).path, 'nothing'))
  const changes = missing.watch()
  assert.equal((await rejected(changes.ready)).code, 'home_not_initialized')
  async function theCaller() {
    for await (const change of missing.watch()) assert.fail(change)
  }
  const { code, stack } = await rejected(theCaller())
  assert.equal(code, 'home_not_initialized')
  assert.match(stack, /theCaller/)
  const mistyped = missing.watch({ signal: {} })
  assert.ok((await rejected(mistyped.next())) instanceof TypeError)
})

test('a watch can end at the first change, and be left before it begins', async () => {
  const where = await home()
  const changes = await watched(where, { once: true })
  await where.add(local('Tool'))
  const seen = []
  for await (const { event } of changes) seen.push(event)
  assert.deepEqual(seen, ['changed'])
  assert.deepEqual(await where.watch().return(), { value: undefined, done: true })
})
