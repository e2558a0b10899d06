'use strict'
// What the package exports, and what its operations take.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const atk = require('..')
const native = require('../lib/native.cjs')
const { camel } = require('../lib/names.cjs')
const { fromDocument } = require('../lib/errors.cjs')
const { OPERATIONS } = require('../lib/operations.cjs')
const { home, rejected } = require('./support.cjs')

const ALL = [...new Set(Object.values(OPERATIONS).flatMap(({ options }) => Object.keys(options)))]

test('every operation of the library has its method', () => {
  const operations = native.operations().map(camel)
  assert.deepEqual(Object.keys(OPERATIONS).sort(), operations.sort())
  for (const name of [...operations, 'uninstall']) assert.equal(typeof atk.Home.prototype[name], 'function', name)
})

test('an option that an operation does not take is refused and named', async () => {
  const where = await home()
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const given = operation.arguments.map(({ kind }) => (kind === 'list' ? [] : 'x'))
    for (const option of ALL.filter((one) => !Object.hasOwn(operation.options, one))) {
      const called = where[name](...given, { [option]: () => {} })
      const error = await rejected(called.next?.() ?? called)
      assert.ok(error instanceof TypeError, `${name} ${option}: ${error}`)
      assert.equal(error.message, `\`${name}\` does not take the option \`${option}\``)
    }
  }
  const error = await rejected(where.uninstall('x', { at: 'x' }))
  assert.equal(error.message, '`remove` does not take the option `at`')
  assert.deepEqual(await where.list({ onEvent: undefined }), [])
})

test('every kind of error has its code', () => {
  assert.deepEqual(Object.keys(atk.ERROR_CODES), native.kinds().map(({ code }) => code))
  for (const { code, number, exitCode } of native.kinds()) {
    const error = fromDocument({ code, number, exit_code: exitCode, message: 'm', details: {} })
    assert.ok(error instanceof atk.AtkError && error instanceof Error)
    assert.equal(error instanceof atk.AbortError, code === 'cancelled')
    assert.deepEqual([error.code, error.number, error.exitCode], [code, number, exitCode])
  }
})

test('what is exported is declared, and one for both kinds of modules', async () => {
  const texts = ['index.d.ts', 'home.d.ts'].map((file) => fs.readFileSync(path.join(__dirname, '../lib', file), 'utf8'))
  const names = [...texts.join('\n').matchAll(/^export declare (?:class|const|function) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual(Object.keys(atk).sort(), names.sort())
  const module = await import('../lib/index.mjs')
  for (const name of names) assert.equal(module[name], atk[name], name)
  assert.deepEqual(Object.keys(module).sort(), names)
})

test('nothing but what is deprecated has the name of a global', () => {
  const lib = path.join(__dirname, '../lib')
  const files = fs.readdirSync(lib).filter((file) => file.endsWith('.d.ts'))
  const text = files.map((file) => fs.readFileSync(path.join(lib, file), 'utf8')).join('\n')
  const exported = /(.*)\nexport (?:declare )?(?:interface|type|class|const|function) (\w+)/g
  const globals = [...text.matchAll(exported)].filter(([, , name]) => name in globalThis || name === 'ProgressEvent')
  assert.deepEqual(globals.map(([, , name]) => name).sort(), ['Event', 'MessageEvent', 'ProgressEvent', 'fetch'])
  for (const [, before, name] of globals) assert.match(before, /@deprecated/, name)
})

test('what the testing kit exports is declared', async () => {
  const text = fs.readFileSync(path.join(__dirname, '../lib/testing.d.ts'), 'utf8')
  const names = [...text.matchAll(/^export declare (?:class|function) (\w+)/gm)].map(([, name]) => name).sort()
  assert.deepEqual(Object.keys(require('../lib/testing.cjs')).sort(), names)
  const module = await import('../lib/testing.mjs')
  for (const name of names) assert.equal(module[name], require('../lib/testing.cjs')[name], name)
  assert.deepEqual(Object.keys(module).sort(), names)
})

test('the native half belongs to this package', () => {
  // A bundler would put `package.json` into the bundle, so the loader has the name of its own.
  const text = fs.readFileSync(path.join(__dirname, '../lib/native.cjs'), 'utf8')
  assert.equal(/const PACKAGE = '(.*)'/.exec(text)[1], require('../package.json').name)
})
