// An editor, as the language server for YAML sees it.
//
//   node client.cjs <node_modules with the server> <atk>
'use strict'
const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const [modules, atk] = process.argv.slice(2)
const lsp = require(path.join(modules, 'vscode-languageserver-protocol/node'))
const SCHEMA = path.join(__dirname, '../../docs/schema/plugin.schema.json')

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'atk-language-server-'))
const server = spawn(process.execPath, [path.join(modules, '.bin/yaml-language-server'), '--stdio'])
const connection = lsp.createProtocolConnection(server.stdout, server.stdin)
const late = setTimeout(() => {
  console.error('the server does not answer')
  process.exit(1)
}, 60_000)

/** Runs atk in the scratch directory, with a home of its own. */
function run(args, statuses = [0]) {
  const env = { PATH: process.env.PATH, HOME: scratch, ATK_HOME: path.join(scratch, 'home') }
  try {
    return execFileSync(atk, args, { cwd: scratch, env, encoding: 'utf8' })
  } catch (error) {
    assert.ok(statuses.includes(error.status), error.stderr)
    return error.stdout
  }
}

/** The diagnostics that the server sends next. */
function diagnostics() {
  return new Promise((resolve) => {
    const once = connection.onNotification(lsp.PublishDiagnosticsNotification.type, ({ diagnostics }) => {
      once.dispose()
      resolve(diagnostics)
    })
  })
}

let version = 0
const uri = pathToFileURL(path.join(scratch, 'tool/plugin.yaml')).href

/** Shows the server a text, and returns what it has against it. */
async function shown(text) {
  version += 1
  const next = diagnostics()
  if (version === 1) {
    const textDocument = { uri, languageId: 'yaml', version, text }
    await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument })
  } else {
    const change = { textDocument: { uri, version }, contentChanges: [{ text }] }
    await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, change)
  }
  return next
}

/** The place right after the first occurrence of some words. */
function after(text, words) {
  const lines = text.slice(0, text.indexOf(words) + words.length).split('\n')
  return { line: lines.length - 1, character: lines.at(-1).length }
}

async function completion(text, words) {
  const params = { textDocument: { uri }, position: after(text, words) }
  const { items } = await connection.sendRequest(lsp.CompletionRequest.type, params)
  return items
}

const place = ({ line, character }) => `${line + 1}:${character + 1}`

async function main() {
  // What `create` writes names the schema by its `$id`. The editor of this test has no network: it gets the file.
  run(['create', 'tool', '--name', 'Tool', '--service', 'script', '--mcp', 'http'])
  const file = path.join(scratch, 'tool/plugin.yaml')
  const written = fs.readFileSync(file, 'utf8')
  const { $id, properties } = JSON.parse(fs.readFileSync(SCHEMA, 'utf8'))
  assert.ok(written.startsWith(`# yaml-language-server: $schema=${$id}\n`), written)
  const created = written.replace($id, pathToFileURL(SCHEMA).href)

  connection.onRequest(lsp.ConfigurationRequest.type, ({ items }) =>
    items.map(({ section }) =>
      section === 'yaml' ? { validate: true, completion: true, hover: true, schemaStore: { enable: false } } : {},
    ),
  )
  connection.onRequest(lsp.RegistrationRequest.type, () => undefined)
  connection.listen()
  const capabilities = {
    workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } } },
  }
  await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(scratch).href,
    workspaceFolders: null,
    capabilities,
  })
  await connection.sendNotification(lsp.InitializedNotification.type, {})

  // 1. What `create` writes is right.
  assert.deepEqual(await shown(created), [])

  // 2. Completion has the fields that are not there yet, and their documentation.
  const open = `${created}\n\n`
  await shown(open)
  const fields = await completion(open, `${created}\n`)
  const labels = fields.map(({ label }) => label)
  const present = Object.keys(properties).filter((name) => new RegExp(`^${name}:`, 'm').test(created))
  const wanted = Object.keys(properties).filter((name) => !present.includes(name))
  assert.ok(wanted.length > 1 && present.length > 4)
  assert.deepEqual(wanted.filter((name) => !labels.includes(name)), [])
  assert.deepEqual(present.filter((name) => labels.includes(name)), [])
  const variables = fields.find(({ label }) => label === 'env_vars')
  const documentation = variables.documentation?.value ?? variables.documentation
  assert.match(documentation, /\w/)
  assert.ok(documentation.includes(properties.env_vars.description.split('\n')[0]), documentation)

  // 3. The values of a field, and what it means.
  const empty = created.replace(/^maturity: .*$/m, 'maturity: ')
  await shown(empty)
  const values = (await completion(empty, 'maturity: ')).map(({ label }) => label)
  assert.deepEqual(values.sort(), ['ai-generated', 'community', 'verified'])
  await shown(created)
  const hover = await connection.sendRequest(lsp.HoverRequest.type, {
    textDocument: { uri },
    position: after(created, 'descri'),
  })
  assert.ok(hover.contents.value.includes(properties.description.description), hover.contents.value)

  // 4. Mistakes are where ATK finds them.
  const mistakes = [
    [created.replace('maturity: community', 'maturity: comunity'), /Value must be "ai-generated"/],
    [`${created}\nlifecylce: {}\n`, /lifecylce/],
    [created.replace(/- port: \d+/, '- port: many'), /Incorrect type/],
    [created.replace(/^name: .*\n/m, ''), /Missing property "name"/],
  ]
  for (const [text, message] of mistakes) {
    assert.notEqual(text, created)
    const [found, ...others] = await shown(text)
    assert.match(found.message, message)
    assert.deepEqual(others, [])
    fs.writeFileSync(file, text)
    const validation = JSON.parse(run(['validate', './tool', '--json'], [0, 5]))
    const errors = validation.diagnostics.filter(({ severity }) => severity !== 'note')
    const ours = errors.map(({ line, column }) => `${line}:${column}`)
    assert.deepEqual([place(found.range.start)], ours, text)
  }
  console.log('the language server for YAML uses the schema of plugin.yaml')
}

main()
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
  .finally(() => {
    clearTimeout(late)
    connection.dispose()
    server.kill()
    fs.rmSync(scratch, { recursive: true, force: true })
  })
