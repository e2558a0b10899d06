'use strict'
// Runs operations for the conformance scenarios: `node node.cjs <the package>`.
//
// Each line of standard input is a request; the answer is a trace, a JSON document a line.

const readline = require('node:readline')
const { Home, AtkError, USE_DEFAULT } = require(process.argv[2])

// For the runner's own tests: a difference that it must find.
const PLANT = process.env.ATK_CONFORMANCE_PLANT ?? ''

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
const camelized = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]))
// An error of JavaScript has a name, which the documents do not have.
const nameless = (_, value) => (/^(Atk|Abort)Error$/.test(value?.name) ? { ...value, name: undefined } : value)
const show = (line) => PLANT === 'silent' || console.log(JSON.stringify(line, nameless))

const POSITIONAL = {
  bootstrap: ['url'],
  resolve: ['source'],
  fetch: ['source', 'dest'],
  add: ['source'],
  validate: ['source'],
  schema: ['name'],
  create: ['directory'],
  cache_export: ['file'],
  cache_import: ['file'],
  registry_add: ['registry', 'url'],
  registry_remove: ['registry'],
  registry_init: ['directory'],
  registry_build: ['directory'],
  registry_diff: ['directory'],
  run: ['plugin', 'script', 'args'],
  exec: ['plugin', 'args'],
  git: ['args'],
  search: ['query'],
  plan_undo: ['commit'],
  undo: ['commit'],
}
const OF_A_PLUGIN =
  'setup install cache_fetch plan_upgrade upgrade outdated verify repair history hold unhold remove plan_plug plug unplug start stop restart status logs show mcp readme'.split(' ')
for (const name of OF_A_PLUGIN) POSITIONAL[name] = ['plugin']

async function run({ home: where, options, call, with: given, replies, cancel_at: at }) {
  const controller = new AbortController()
  const onEvent = (event) => {
    if (!(PLANT === 'event' && event.event === 'operation_started')) show({ event })
    if (event.event === at) controller.abort()
  }
  const onPrompt = (prompt) => {
    show({ prompt })
    if (at === 'prompt') controller.abort()
    if (!Object.hasOwn(replies, prompt.id)) return undefined
    return replies[prompt.id] ?? USE_DEFAULT
  }
  const home = new Home(where, camelized(options))
  const names = POSITIONAL[call] ?? []
  const taken = names.map((name) => given[name])
  const rest = camelized(Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name))))
  const { OPERATIONS } = require(`${process.argv[2]}/lib/operations.cjs`)
  const offered = { signal: controller.signal, onEvent, onPrompt: replies ? onPrompt : undefined }
  for (const [name, value] of Object.entries(offered)) {
    if (Object.hasOwn(OPERATIONS[camel(call)].options, name) && value) rest[name] = value
  }
  return home[camel(call)](...taken, rest)
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      const outcome = await run(JSON.parse(line))
      show({ outcome: PLANT === 'field' && !Array.isArray(outcome) ? { ...outcome, planted: true } : outcome })
    } catch (error) {
      if (!(error instanceof AtkError)) throw error
      show({ [PLANT === 'success' ? 'outcome' : 'error']: error })
    }
  }
}

main()
