'use strict'

const path = require('node:path')
const { NativeHome } = require('./native.cjs')
const { fromDocument, fromThrown } = require('./errors.cjs')
const { camelized, snake } = require('./names.cjs')
const { run } = require('./operation.cjs')

/** The options of calls that go to the library; the others are callbacks and the signal. */
const ARGUMENTS = ['at', 'force', 'ignoreFailures', 'adopt', 'answers', 'env', 'trust', 'yes']
const CALLBACKS = ['signal', 'onEvent', 'onOutput', 'onPrompt']
const PATHS = ['cacheDir', 'baseDir', 'userHome', 'git']
const NATIVE = Symbol('native')

function checked(options) {
  for (const name of Object.keys(options)) {
    if (!ARGUMENTS.includes(name) && !CALLBACKS.includes(name)) {
      throw new TypeError(`\`${name}\` is not an option`)
    }
  }
  for (const name of CALLBACKS.slice(1)) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      throw new TypeError(`\`${name}\` is not a function`)
    }
  }
}

/** Runs an operation; gives its outcome in the shape of JavaScript. */
async function call(home, operation, positional, options = {}) {
  checked(options)
  const given = ARGUMENTS.filter((name) => options[name] !== undefined)
  const request = { ...Object.fromEntries(given.map((name) => [snake(name), options[name]])), ...positional }
  return shaped(await run(home[NATIVE], operation, request, options))
}

/** The outcome with names in camelCase, and with the failures of a report as errors. */
function shaped(outcome) {
  const made = camelized(outcome)
  if (Array.isArray(outcome?.plugins)) {
    outcome.plugins.forEach((line, at) => {
      if (line.result === 'failed') made.plugins[at].error = fromDocument(line.error)
    })
  }
  return made
}

function settings(options) {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [snake(name), PATHS.includes(name) ? path.resolve(value) : value]),
  )
}

class Home {
  constructor(where, options = {}) {
    try {
      this[NATIVE] = new NativeHome(where, JSON.stringify(settings(options)))
    } catch (error) {
      throw fromThrown(error)
    }
  }

  static open(where, options) {
    return new Home(where, options)
  }

  static async init(where, options, callOptions) {
    const home = new Home(where, options)
    await home.init(callOptions)
    return home
  }

  get path() {
    return this[NATIVE].path
  }

  init(options) {
    return call(this, 'init', {}, options)
  }

  resolve(source, options) {
    return call(this, 'resolve', { source }, options)
  }

  async fetch(source, dest, options) {
    return call(this, 'fetch', { source, dest: path.resolve(dest) }, options)
  }

  add(source, options) {
    return call(this, 'add', { source }, options)
  }

  setup(plugin, options) {
    return call(this, 'setup', { plugin }, options)
  }

  install(plugin, options) {
    return call(this, 'install', { plugin }, options)
  }

  planUpgrade(plugin, options) {
    return call(this, 'plan_upgrade', { plugin }, options)
  }

  upgrade(plugin, options) {
    return call(this, 'upgrade', { plugin }, options)
  }

  uninstall(plugin, options) {
    return this.remove(plugin, options)
  }

  remove(plugin, options) {
    return call(this, 'remove', { plugin }, options)
  }

  start(plugin, options) {
    return call(this, 'start', { plugin }, options)
  }

  stop(plugin, options) {
    return call(this, 'stop', { plugin }, options)
  }

  restart(plugin, options) {
    return call(this, 'restart', { plugin }, options)
  }

  status(plugin, options) {
    return call(this, 'status', { plugin }, options)
  }

  logs(plugin, options) {
    return call(this, 'logs', { plugin }, options)
  }

  run(plugin, script, args = [], options = undefined) {
    return call(this, 'run', { plugin, script, args }, options)
  }

  git(args, options) {
    return call(this, 'git', { args }, options)
  }

  list(options) {
    return call(this, 'list', {}, options)
  }

  search(query, options) {
    return call(this, 'search', { query }, options)
  }

  mcp(plugin, options) {
    return call(this, 'mcp', { plugin }, options)
  }

  readme(plugin, options) {
    return call(this, 'readme', { plugin }, options)
  }

  cache(options) {
    return call(this, 'cache', {}, options)
  }

  clearCache(options) {
    return call(this, 'clear_cache', {}, options)
  }
}

module.exports = { Home }
