'use strict'
// How long `home.list()` takes on a home of 100 plugins, against the library's own time.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { performance } = require('node:perf_hooks')
const { Home } = require('./lib/index.cjs')
const { NativeHome } = require('./lib/native.cjs')

const PIN = '0123456789abcdef0123456789abcdef01234567'
const ROUNDS = 20
const RUNS = 25

/** An entry of the manifest. */
function entry(number) {
  return `- name: Plugin ${number}
  directory: plugin-${number}
  source:
    type: registry
    ref: ${PIN}
    url: null
`
}

async function make(directory) {
  const home = await Home.init(directory, { cacheDir: path.join(path.dirname(directory), 'cache') })
  const manifest = path.join(directory, 'manifest.yaml')
  const numbers = Array.from({ length: 100 }, (_, number) => number)
  const empty = fs.readFileSync(manifest, 'utf8')
  fs.writeFileSync(manifest, empty.replace('plugins: []\n', `plugins:\n${numbers.map(entry).join('')}`))
  for (const number of numbers) {
    const plugin = path.join(directory, `plugins/plugin-${number}`)
    fs.mkdirSync(plugin, { recursive: true })
    fs.writeFileSync(path.join(plugin, 'plugin.yaml'), 'name: x\n')
    fs.writeFileSync(path.join(plugin, '.atk-ref'), `${PIN}\n`)
  }
  execFileSync('git', ['-C', directory, 'commit', '-qam', 'Fill'])
  return home
}

const middle = (times) => times.sort((one, other) => one - other)[times.length >> 1]

/** The median times in microseconds, of the library and from Node, in turns: the machine may have other work. */
async function medians(home) {
  const native = new NativeHome(home.path, '{}')
  const [core, whole] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    core.push(native.timeList(RUNS))
    for (let run = 0; run < RUNS; run += 1) {
      const began = performance.now()
      await home.list()
      whole.push((performance.now() - began) * 1e3)
    }
  }
  return { core: middle(core), whole: middle(whole) }
}

async function main() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'atk-bench-'))
  try {
    const home = await make(path.join(scratch, 'home'))
    if ((await home.list()).length !== 100) throw new Error('100 plugins are not listed')
    const { core, whole } = await medians(home)
    const micros = (time) => time.toFixed(1).padStart(8)
    const ratio = whole / core
    console.log(`home.list(), 100 plugins   the library  ${micros(core)} us`)
    console.log(`                           from Node    ${micros(whole)} us`)
    console.log(
      `                           ratio        ${ratio.toFixed(2).padStart(8)}x   at most 1.50x   ${ratio <= 1.5 ? 'ok' : 'OVER'}`
    )
  } finally {
    fs.rmSync(scratch, { recursive: true })
  }
}

void main()
