'use strict'
// Arguments and options of another type: nothing starts, nothing is thrown beside the promise, and
// the error names the place, what is expected and what was given.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const atk = require('..')
const { OPERATIONS, OPTIONS } = require('../lib/operations.cjs')
const { fresh, home, local, registry, rejected, snapshot, tool } = require('./support.cjs')

/** Values that no argument or option can be, with what an error calls them. */
const WRONG = [
  [7n, 'a bigint'],
  [Symbol('x'), 'a symbol'],
  [new Map(), 'an object of the class `Map`'],
  [Object.create(null, { then: { value() {} } }), 'an object'],
]
const RIGHT = { text: 'x', source: 'x', url: 'x', path: '/x', list: [] }

const refusal = (error, message) => {
  assert.ok(error instanceof TypeError, String(error))
  assert.equal(error.message, message)
}

/** The error of an operation; that of `watch` is thrown in the loop. */
const failure = (called) => rejected(called.next?.() ?? called)

/** The start of what is said of a value of another type. */
const start = (place, of) => `\`${place}\` of \`${of}\` must be `

test('no operation starts with an argument or option of another type', async () => {
  const where = await home()
  const before = snapshot(where.path)
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const right = operation.arguments.map(({ kind }) => RIGHT[kind])
    for (const [value, described] of WRONG) {
      const wrong = operation.arguments.map(({ name }, at) => [name, Object.assign([...right], { [at]: value })])
      for (const option of Object.keys(operation.options)) wrong.push([option, [...right, { [option]: value }]])
      for (const [place, given] of wrong) {
        const { message, ...error } = await failure(where[name](...given))
        assert.deepEqual(error, {}, `${name} ${place}: ${message}`)
        assert.ok(message.startsWith(start(place, name)), message)
        assert.ok(message.endsWith(`, not ${described}`), message)
      }
    }
  }
  assert.deepEqual(snapshot(where.path), before)
})

test('no home is opened with an option of another type', () => {
  for (const option of Object.keys(OPTIONS)) {
    for (const [value, described] of [...WRONG, [NaN, 'NaN'], [null, 'null']]) {
      const open = () => new atk.Home('/x', { [option]: value })
      assert.throws(open, (error) => {
        assert.ok(error instanceof TypeError, `${option}: ${error}`)
        return error.message.startsWith(start(option, 'Home')) && error.message.endsWith(`, not ${described}`)
      })
    }
  }
  const whole = '`maxFiles` of `Home` must be a whole number that is not negative, not the number 1.5'
  assert.throws(() => new atk.Home('/x', { maxFiles: 1.5 }), { name: 'TypeError', message: whole })
  const unknown = '`Home` does not take the option `cache_dir`; did you mean `cacheDir`?'
  assert.throws(() => new atk.Home('/x', { cache_dir: '/x' }), { name: 'TypeError', message: unknown })
  assert.throws(() => new atk.Home('/x', { networkTimeout: -1 }), { code: 'invalid_argument' })
})

test('the element of a list or of an object is named', async () => {
  const where = await home()
  const cases = [
    [{ trust: ['a', 7] }, '`trust[1]` of `add` must be a string, not the number 7'],
    [{ env: { PORT: 80 } }, '`env.PORT` of `add` must be a string, not the number 80'],
    [{ env: new Map([['A', 'x']]) }, '`env` of `add` must be an object of strings, not an object of the class `Map`'],
    [{ trust: '*' }, '`trust` of `add` must be an array of strings, not a string'],
    [{ yes: 'yes' }, '`yes` of `add` must be true or false, not a string'],
    [{ at: '\ud800' }, '`at` of `add` has half of a surrogate pair'],
  ]
  for (const [options, message] of cases) refusal(await rejected(where.add('x', options)), message)
  refusal(await rejected(where.mcp()), '`plugin` of `mcp` must be a string, not undefined')
  refusal(await rejected(where.git(['log', 'a\0b'])), '`args[1]` of `git` has a NUL')
  // What is undefined is not given: as a variable of the environment that is not set.
  const { code } = await rejected(where.add('nothing', { env: { A: undefined }, at: undefined, signal: undefined }))
  assert.equal(code, 'network_failed')
})

test('a message of the library has the names of JavaScript', async () => {
  const where = await home()
  const { code, message } = await rejected(where.planUpgrade('x', { to: 'a..b' }))
  assert.equal(code, 'invalid_argument')
  assert.match(message, /^`to` cannot be used: /)
  // Of those that name an operation or an option.
  const { camelizedMessage } = require('../lib/names.cjs')
  assert.equal(camelizedMessage('an argument of `plan_upgrade` cannot be used'), 'an argument of `planUpgrade` cannot be used')
})

test('options are an object, and nothing comes after them', async () => {
  const where = await home()
  const { signal } = new AbortController()
  const cases = [
    [where.list('x'), '`options` of `list` must be an object, not a string'],
    [where.list(null), '`options` of `list` must be an object, not null'],
    [where.list([]), '`options` of `list` must be an object, not an array'],
    [where.list(Promise.resolve({})), '`options` of `list` must be an object, not an object of the class `Promise`'],
    [
      where.list(signal),
      '`options` of `list` must be an object, not an object of the class `AbortSignal`; pass the signal as `{ signal }`',
    ],
    [where.list(undefined, { signal }), '`list` takes at most 1 argument, not 2'],
    [where.mcp('x', {}, {}), '`mcp` takes at most 2 arguments, not 3'],
    [atk.resolve('x', 'y'), '`options` of `resolve` must be an object, not a string'],
    [atk.fetchPlugin('x', fresh('x'), { homeOptions: 7 }), '`options` of `Home` must be an object, not the number 7'],
    [Reflect.apply(where.list, undefined, []), '`list` must be called as a method of a `Home`'],
  ]
  for (const [promise, message] of cases) refusal(await rejected(promise), message)
})

test('options may take the place of an argument that may be left out', async () => {
  const where = await home({ registry: registry({}) })
  assert.deepEqual(await where.upgrade({ yes: true }), { plugins: [], warnings: [] })
  assert.deepEqual((await where.search({ signal: undefined })).plugins, [])
  refusal(await rejected(where.remove({ yes: true })), '`plugin` of `remove` must be a string, not an object')
  const url = tool('Tool', '', { 'run.sh': 'echo "$#"\n' })
  await where.add(url, { trust: ['*'] })
  let written = ''
  await where.run('tool', 'run.sh', { onOutput: ({ text }) => (written += text) })
  assert.equal(written, '0\n')
  const [listed] = await where.list()
  const message = '`upgrade` does not take the option `name`; to name a plugin, pass its `directory`'
  refusal(await rejected(where.upgrade(listed)), message)
  const cloned = await rejected(atk.Home.clone(undefined, fresh('home')))
  refusal(cloned, '`url` of `clone` must be a string or a URL, not undefined')
  const other = fresh('home')
  process.env.ATK_HOME = other
  assert.equal((await atk.Home.init({ wait: false }, { adopt: true })).path, other)
  assert.equal(atk.Home.open({ wait: false }).path, other)
  delete process.env.ATK_HOME
})

const SIGNALS = {
  'an object': {},
  'a controller': new AbortController(),
  'an event target': new EventTarget(),
  'half a token': { isCancellationRequested: false },
  'a function': () => {},
  null: null,
  false: false,
}

for (const [what, signal] of Object.entries(SIGNALS)) {
  test(`${what} is not a signal: the operation never starts`, async () => {
    const where = await home()
    const before = snapshot(where.path)
    const events = []
    const options = { signal, onEvent: (event) => events.push(event) }
    const error = await rejected(where.add(local('Tool'), options))
    assert.ok(error instanceof TypeError)
    assert.match(error.message, /^`signal` of `add` must be an `AbortSignal` or a `CancellationToken`, not /)
    assert.deepEqual(events, [])
    assert.deepEqual(snapshot(where.path), before)
  })
}

test('a signal that throws ends no program', async () => {
  const where = await home()
  const script = `
    const { Home } = require(${JSON.stringify(path.join(__dirname, '..'))})
    const where = Home.open(${JSON.stringify(where.path)})
    const fail = (name) => () => { throw new Error(name) }
    const signals = [
      { aborted: false, addEventListener: fail('add'), removeEventListener() {} },
      { aborted: false, addEventListener() {}, removeEventListener: fail('remove') },
      { isCancellationRequested: false, onCancellationRequested: fail('token') },
      { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: fail('dispose') }) },
      { isCancellationRequested: false, onCancellationRequested: () => undefined },
      { get aborted() { throw new Error('aborted') } },
    ]
    Promise.allSettled(signals.map((signal) => where.list({ signal })))
      .then((all) => console.log(all.map(({ reason }) => reason?.message ?? 'done').join(' ')))
  `
  assert.equal(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }), 'add done token done done aborted\n')
})

test('a token of VS Code cancels an operation', async () => {
  const where = await home()
  const listeners = new Set()
  let disposed = 0
  const token = {
    isCancellationRequested: false,
    onCancellationRequested(listener) {
      listeners.add(listener)
      return { dispose: () => (disposed += 1) }
    },
  }
  const onPrompt = () => {
    token.isCancellationRequested = true
    for (const listener of listeners) listener()
    return new Promise(() => {})
  }
  const asking = local('Asker', 'env_vars:\n- name: KEY\n  required: true\n')
  const error = await rejected(where.add(asking, { signal: token, onPrompt }))
  assert.deepEqual([error.name, error.code, disposed], ['AbortError', 'cancelled', 1])
  const again = await rejected(where.add(asking, { signal: token }))
  assert.equal(again.name, 'AbortError')
  assert.equal(listeners.size, 1, 'it did not start')
})

test('paths are those that a program means', async () => {
  const { Home } = atk
  const at = (given, options) => Home.open(given, options).path
  assert.equal(at('relative'), path.resolve('relative'))
  assert.equal(at('/a/./b/../c/'), path.resolve('/a/c'))
  assert.equal(at('~'), os.homedir())
  assert.equal(at('~/x/../y'), path.join(os.homedir(), 'y'))
  assert.equal(at('~/x', { userHome: '/u' }), path.resolve('/u/x'))
  const userHome = path.dirname(fresh('x'))
  const elsewhere = Home.open(fresh('none'), { userHome, cacheDir: fresh('cache') })
  const fetched = await elsewhere.fetch(local('Fetched'), '~/fetched-there')
  assert.equal(fetched.path, path.join(userHome, 'fetched-there'))
  assert.equal(at('~x'), path.resolve('~x'))
  assert.equal(at(pathToFileURL('/with space/ü')), path.resolve('/with space/ü'))
  for (const option of Object.keys(OPTIONS).filter((name) => OPTIONS[name] === 'path')) {
    const message = `\`${option}\` of \`Home\` must not be empty`
    assert.throws(() => Home.open('/x', { [option]: '' }), { name: 'TypeError', message })
  }
  assert.throws(() => Home.open(''), { name: 'TypeError', message: '`path` of `Home` must not be empty' })
  assert.throws(() => Home.open('/a\0b'), { name: 'TypeError', message: '`path` of `Home` has a NUL' })
  const http = '`path` of `Home` must be a string or a `file:` URL, not a URL with `http:`'
  assert.throws(() => Home.open(new URL('http://x/')), { name: 'TypeError', message: http })

  const where = await Home.init(pathToFileURL(fresh('home')), { cacheDir: pathToFileURL(fresh('cache')) })
  const plugin = local('Tool')
  assert.deepEqual(await where.resolve(pathToFileURL(plugin)), { type: 'local', path: plugin, bare: false })
  assert.deepEqual(await where.resolve(new URL('https://example.com/o/r.git')), {
    type: 'git',
    url: 'https://example.com/o/r.git',
    subdir: null,
    revision: null,
  })
  assert.equal((await where.add(pathToFileURL(plugin))).source.type, 'local')
  const dest = fresh('dest')
  assert.equal((await where.fetch(plugin, pathToFileURL(dest))).path, dest)
  refusal(await rejected(where.fetch(plugin, '')), '`dest` of `fetch` must not be empty')
})
