'use strict'
// Whatever an operation waits for, the event loop and libuv's pool are the program's.

const assert = require('node:assert/strict')
const dns = require('node:dns/promises')
const fs = require('node:fs/promises')
const path = require('node:path')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { test } = require('node:test')
const { Worker } = require('node:worker_threads')
const { home, local, rejected, silentServer, sleep } = require('./support.cjs')

const ASKING = 'env_vars:\n- name: KEY\n  required: true\n'
const SLOW = 'lifecycle:\n  install: sleep 1\n  uninstall: echo\n'

test('timers, files and names go on while operations wait', async () => {
  const server = await silentServer()
  const controller = new AbortController()
  const { signal } = controller
  let asked
  const asking = new Promise((resolve) => (asked = resolve))
  const onPrompt = () => new Promise(asked)
  const waiting = []
  // More than libuv's pool has threads.
  for (let i = 0; i < 3; i++) {
    waiting.push((await home()).add(server.url, { signal, trust: ['*'] }))
    waiting.push((await home()).add(local('Asker', ASKING), { signal, onPrompt }))
  }
  const errors = waiting.map(rejected)
  await Promise.all([server.connected, asking])
  // Until all of them wait, they work, and share the processors with the timers.
  await sleep(500)

  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  let slips = 0
  let ticks = 0
  for (let last = performance.now(), began = last; last - began < 1500; ticks++) {
    await sleep(10)
    const now = performance.now()
    if (now - last > 60) slips += 1
    last = now
  }
  delays.disable()
  // A loaded machine may stop the process now and then, but not for all that time.
  const median = delays.percentile(50) / 1e6
  assert.ok(median < 50, `the median delay is ${median} ms`)
  assert.ok(slips <= ticks / 20, `${slips} of ${ticks} timers slipped`)

  assert.match(await fs.readFile(__filename, 'utf8'), /libuv/)
  assert.ok((await dns.lookup('localhost')).address)
  controller.abort()
  for (const error of await Promise.all(errors)) assert.equal(error.name, 'AbortError')
  await server.close()
})

test('operations do not wait for one another', async () => {
  const homes = await Promise.all([home(), home(), home(), home()])
  const began = []
  const ended = []
  await Promise.all(
    homes.map((where, i) =>
      where
        .add(local('Slow', SLOW), {
          onEvent: ({ event, description }) => {
            if (event === 'step' && description === 'running install') began.push(ended.length)
          },
        })
        .then(() => ended.push(i)),
    ),
  )
  assert.deepEqual(began, [0, 0, 0, 0], 'all began before one had ended')
})

test('a slow listener slows the operation, and loses nothing', async () => {
  const where = await home()
  const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}`)
  await where.add(local('Writer', '', { 'write.sh': `for i in $(seq 0 2999); do echo "line $i"; done\n` }))
  let text = ''
  await where.run('writer', 'write.sh', [], {
    onOutput: async (output) => {
      await sleep(1)
      text += output.text
    },
  })
  assert.deepEqual(text.trimEnd().split('\n'), lines)
})

test('workers are terminated in the middle of operations', { timeout: 120000 }, async () => {
  const server = await silentServer()
  const plugin = local('Asker', ASKING)
  const slow = local('Slow', 'lifecycle:\n  install: while :; do echo x; sleep 0.01; done\n  uninstall: echo\n')
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    const { Home } = require(workerData.package)
    const { where, server, plugin, slow, at } = workerData
    const begun = () => parentPort.postMessage('begun')
    Home.init(where).then((home) => {
      const operations = [
        () => { begun(); return home.add(server, { trust: ['*'], onEvent() {} }) },
        () => home.add(plugin, { onPrompt: () => new Promise(begun) }),
        () => home.add(slow, { onOutput: begun }),
        () => { begun(); return home.list() },
        () => home.add(slow, { onOutput: () => new Promise(begun) }),
      ]
      return operations[at % operations.length]()
    }).catch(begun)
  `
  const root = (await home()).path
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (at) => {
        const where = path.join(path.dirname(root), `worker-${round}-${at}`)
        const workerData = { package: path.join(__dirname, '..'), where, server: server.url, plugin, slow, at }
        const worker = new Worker(script, { eval: true, workerData })
        await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
        await sleep(round)
        await worker.terminate()
      }),
    )
  }
  // What was cut short cancelled itself: no thread of ours is left.
  if (process.platform === 'linux') {
    const threads = async () => {
      const names = (await fs.readdir('/proc/self/task')).map((id) =>
        fs.readFile(`/proc/self/task/${id}/comm`, 'utf8').catch(() => ''),
      )
      return (await Promise.all(names)).filter((name) => name.startsWith('atk-'))
    }
    for (let tries = 0; (await threads()).length > 0 && tries < 100; tries++) await sleep(100)
    assert.deepEqual(await threads(), [])
  }
  await server.close()
})

test('a change from within a callback is refused instead of waiting for itself', { timeout: 60000 }, async () => {
  const where = await home()
  const other = await home()
  const again = local('Again')
  const codes = []
  const change = async () => codes.push((await rejected(where.add(again))).code)
  await where.add(local('Outer', "lifecycle: {install: echo hi, uninstall: 'true'}\n"), {
    onOutput: async () => {
      await sleep(1)
      await change()
      // Another home can be changed; from within its callbacks this one cannot.
      const onPrompt = () => change().then(() => 'x')
      await other.add(local('Asker', ASKING), { onPrompt })
    },
  })
  assert.deepEqual(codes, ['home_nested', 'home_nested'])
  assert.deepEqual((await other.list()).map((plugin) => plugin.directory), ['asker'])
  // What merely runs at the same time waits for its turn.
  await Promise.all([where.add(again), where.add(local('Besides'))])
})
