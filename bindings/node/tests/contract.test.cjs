'use strict'
// The declarations are those of the library.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const ts = require('typescript')
const atk = require('..')
const native = require('../lib/native.cjs')
const { camel } = require('../lib/names.cjs')
const { fromDocument } = require('../lib/errors.cjs')

const root = path.join(__dirname, '../../..')
const schema = JSON.parse(fs.readFileSync(path.join(root, 'tests/conformance/api.json'), 'utf8'))

/** Interfaces as `{property: type}`, other types as their text. */
function declared(file) {
  const text = fs.readFileSync(path.join(__dirname, '../lib', file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = {}
  for (const node of source.statements) {
    if (ts.isInterfaceDeclaration(node)) {
      found[node.name.text] = Object.fromEntries(
        node.members.map((member) => [
          member.name.text + (member.questionToken ? '?' : ''),
          member.type.getText(),
        ]),
      )
    } else if (ts.isTypeAliasDeclaration(node)) {
      const cases = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type]
      found[node.name.text] = cases.map((one) => one.getText())
    }
  }
  return found
}

const OTHERS = { GitUrl: 'string', Pin: 'string', PluginDir: 'string', Error: 'AtkError', ErrorKind: 'ErrorCode' }

/** The TypeScript of a type in the schema. */
function typed(type) {
  if (type.$ref) {
    const name = type.$ref.split('/').pop()
    return OTHERS[name] ?? name.replace(/^(Report|Line)Of(.*)$/, '$1<$2>')
  }
  if (type.const) return `'${type.const}'`
  if (type.anyOf) return type.anyOf.map(typed).join(' | ')
  if (Array.isArray(type.type)) return type.type.map((one) => typed({ ...type, type: one })).join(' | ')
  if (type.prefixItems) return `[${type.prefixItems.map(typed).join(', ')}]`
  if (type.type === 'array') return `${typed(type.items)}[]`
  if (type.additionalProperties) return `Record<string, ${typed(type.additionalProperties)}>`
  return type.type === 'integer' ? 'number' : type.type
}

function properties(type) {
  return Object.fromEntries(
    Object.entries(type.properties).map(([name, one]) => [
      camel(name) + (type.required?.includes(name) ? '' : '?'),
      typed(one),
    ]),
  )
}

test('every document of the library is declared, and no other', () => {
  const found = declared('documents.d.ts')
  const expected = {}
  for (const [name, type] of Object.entries(schema.$defs)) {
    if (name in OTHERS || /^(Report|Line)Of/.test(name)) continue
    if (type.properties) {
      expected[name] = properties(type)
      continue
    }
    if (type.enum) {
      expected[name] = type.enum.map((value) => `'${value}'`)
      continue
    }
    expected[name] = type.oneOf.flatMap((one) => {
      if (one.const) return [`'${one.const}'`]
      if (one.enum) return one.enum.map((value) => `'${value}'`)
      const tag = one.properties.event ?? one.properties.type
      const suffix = one.properties.event ? 'Event' : 'Source'
      const named = camel(`_${tag.const}`) + suffix
      expected[named] = properties(one)
      return [named]
    })
  }
  expected.ErrorCode = schema.$defs.ErrorKind.enum.map((kind) => `'${kind}'`)
  // The bytes do not pass as JSON.
  expected.OutputEvent.chunk = 'Uint8Array'
  const line = { directory: 'string', name: 'string' }
  expected.Done = { ...line, result: `'done'`, outcome: 'T' }
  expected.Skipped = { ...line, result: `'skipped'`, reason: 'Skip' }
  expected.Failed = { ...line, result: `'failed'`, error: 'AtkError' }
  expected.Line = ['Done<T>', 'Skipped', 'Failed']
  expected.Report = { plugins: 'Line<T>[]' }
  assert.deepEqual(found, expected)
})

test('lines of reports are those of the library', () => {
  for (const [name, type] of Object.entries(schema.$defs)) {
    if (!name.startsWith('LineOf')) continue
    assert.deepEqual(Object.keys(type.properties).sort(), ['directory', 'name'], name)
    const cases = type.oneOf.map((one) => Object.keys(one.properties).sort().join())
    assert.deepEqual(cases, ['outcome,result', 'reason,result', 'error,result'], name)
  }
})

test('every operation has its method, with its outcome', () => {
  const operations = schema.operations.map(({ name }) => name)
  assert.deepEqual(native.operations().sort(), operations.sort())
  const source = fs.readFileSync(path.join(__dirname, '../lib/index.d.ts'), 'utf8')
  const home = /export declare class Home \{(.*?)\n\}/s.exec(source)[1]
  const outcomes = {}
  for (const [, name, outcome] of home.matchAll(/^  (\w+)\([^)]*\): Promise<(.*)>$/gm)) outcomes[name] = outcome
  for (const operation of operations) {
    const name = camel(operation)
    assert.equal(typeof atk.Home.prototype[name], 'function', name)
    assert.equal(outcomes[name], typed(schema.operations.find(({ name }) => name === operation).outcome), name)
    delete outcomes[name]
  }
  for (const { alias, outcome } of schema.operations.filter(({ alias }) => alias)) {
    assert.equal(outcomes[camel(alias)], typed(outcome), alias)
    delete outcomes[camel(alias)]
  }
  assert.deepEqual(outcomes, {})
})

test('every kind of error has its code', () => {
  assert.deepEqual(Object.keys(atk.ERROR_CODES).sort(), [...schema.$defs.ErrorKind.enum].sort())
  for (const { code, number, exitCode } of native.kinds()) {
    const error = fromDocument({ code, number, exit_code: exitCode, message: 'm', details: {} })
    assert.ok(error instanceof atk.AtkError && error instanceof Error)
    assert.equal(error instanceof atk.AbortError, code === 'cancelled')
    assert.deepEqual([error.code, error.number, error.exitCode], [code, number, exitCode])
  }
})

test('every option of a home is one that the library takes', () => {
  const source = fs.readFileSync(path.join(__dirname, '../lib/index.d.ts'), 'utf8')
  const [, body] = /export interface Settings \{(.*?)\n\}/s.exec(source)
  const names = [...body.matchAll(/^  (\w+)\?/gm)].map(([, name]) => name)
  assert.deepEqual(names, Object.keys(schema.options).map(camel))
})

test('what is exported is declared, and one for both kinds of modules', async () => {
  const source = fs.readFileSync(path.join(__dirname, '../lib/index.d.ts'), 'utf8')
  const names = [...source.matchAll(/^export declare (?:class|const|function) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual(Object.keys(atk).sort(), names.sort())
  const module = await import('../lib/index.mjs')
  for (const name of names) assert.equal(module[name], atk[name], name)
  assert.deepEqual(Object.keys(module).sort(), names)
})
