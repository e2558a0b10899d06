'use strict'
// What the tests of a program need: homes and plugins of their own, and a registry in a directory.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { Home } = require('./home.cjs')
const { snake } = require('./names.cjs')

const SCHEMA_VERSION = '2026-01-23'

/** A definition in the shape of its file. JSON is YAML. */
const asFile = (definition) => JSON.stringify(snakeCased(definition), null, 2)

function snakeCased(value) {
  if (Array.isArray(value)) return value.map(snakeCased)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [snake(name), snakeCased(one)]))
}

/** A name as that of a directory. */
const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')

function write(directory, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content)
    // A script must be executable to be run.
    if (name.endsWith('.sh') || String(content).startsWith('#!')) fs.chmodSync(file, 0o755)
  }
}

function writePlugin(directory, { files = {}, ...definition }) {
  const whole = { schemaVersion: SCHEMA_VERSION, description: `The plugin ${definition.name}`, ...definition }
  write(directory, { 'plugin.yaml': asFile(whole), ...files })
}

/** The index of a registry with the plugins of `plugins/`, by the names of their directories. */
function index(directories) {
  const plugins = directories.map(([name, directory]) => {
    return { name, path: `plugins/${directory}`, description: `The plugin ${name}` }
  })
  return JSON.stringify({ schema_version: SCHEMA_VERSION, plugins }, null, 2)
}

class Scratch {
  #made = 0
  /** The directories of repositories by their URLs, and where files of `change` go in each. */
  #repositories = new Map()

  constructor() {
    this.path = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'atk-test-')))
    this.userHome = path.join(this.path, 'user')
    const identity = '[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n'
    write(this.userHome, { '.gitconfig': identity })
  }

  /** A scratch that is removed after a test of `node:test`, or of whatever has its `after`. */
  static for(test) {
    const scratch = new Scratch()
    test.after(() => scratch.remove())
    return scratch
  }

  options({ env, ...options } = {}) {
    return {
      cacheDir: path.join(this.path, 'cache'),
      userHome: this.userHome,
      baseDir: this.path,
      // There is none: no test reaches the public registry by mistake.
      registry: pathToFileURL(path.join(this.path, 'no-registry')).href,
      env: { HOME: this.userHome, GIT_CONFIG_NOSYSTEM: '1', ...env },
      ...options,
    }
  }

  home(options) {
    return Home.init(this.#fresh('home'), this.options(options))
  }

  plugin(definition) {
    const directory = path.join(this.#fresh('plugin'), slug(definition.name))
    writePlugin(directory, definition)
    return directory
  }

  repository(definition) {
    const directory = path.join(this.#fresh('repository'), slug(definition.name))
    writePlugin(path.join(directory, '.atk'), definition)
    return this.#served(directory, '.atk')
  }

  registry(plugins) {
    const directory = this.#fresh('registry')
    if (typeof plugins === 'string') {
      const isRegistry = fs.existsSync(path.join(plugins, 'index.yaml'))
      fs.cpSync(plugins, isRegistry ? directory : path.join(directory, 'plugins'), { recursive: true })
      if (!isRegistry) {
        const found = fs.readdirSync(plugins, { withFileTypes: true }).filter((entry) => entry.isDirectory())
        write(directory, { 'index.yaml': index(found.map(({ name }) => [name, name])) })
      }
    } else {
      for (const plugin of plugins) writePlugin(path.join(directory, 'plugins', slug(plugin.name)), plugin)
      write(directory, { 'index.yaml': index(plugins.map(({ name }) => [name, slug(name)])) })
    }
    return this.#served(directory, '')
  }

  change(url, files) {
    const found = this.#repositories.get(url)
    if (!found) throw new TypeError(`\`url\` of \`change\` must be a repository or registry of this scratch`)
    write(path.join(found.directory, found.below), files)
    return this.#commit(found.directory)
  }

  remove() {
    fs.rmSync(this.path, { recursive: true, force: true, maxRetries: 3 })
  }

  #fresh(name) {
    return path.join(this.path, `${name}-${++this.#made}`)
  }

  #served(directory, below) {
    this.#git(directory, 'init', '--quiet')
    this.#commit(directory)
    const url = pathToFileURL(directory).href
    this.#repositories.set(url, { directory, below })
    return url
  }

  #commit(directory) {
    this.#git(directory, 'add', '--all')
    this.#git(directory, 'commit', '--quiet', '--allow-empty', '--message', 'Change')
    return this.#git(directory, 'rev-parse', 'HEAD').trim()
  }

  #git(directory, ...words) {
    // A test may run in a hook of git, which says where its repository is.
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
    const env = { ...Object.fromEntries(kept), HOME: this.userHome, GIT_CONFIG_NOSYSTEM: '1' }
    return execFileSync('git', words, { cwd: directory, encoding: 'utf8', env })
  }
}

/** A prompt, as `onPrompt` receives it. */
function makePrompt(given = {}) {
  const { plugin = 'tool', kind = 'text' } = given
  const isQuestion = kind === 'confirm' || kind === 'trust'
  return {
    id: isQuestion ? `${kind}:${plugin}` : `env:${plugin}:NAME`,
    plugin,
    kind,
    message: isQuestion ? 'Go on?' : 'NAME',
    details: [],
    default: null,
    required: true,
    position: [1, 1],
    ...given,
  }
}

module.exports.Scratch = Scratch
module.exports.makePrompt = makePrompt
