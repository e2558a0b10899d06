'use strict'

const { inspect } = require('node:util')
const { NATIVE, USER_HOME } = require('./call.cjs')
const { checkedOptions, path, split, url: checkedUrl } = require('./check.cjs')
const { fromThrown } = require('./errors.cjs')
const { snake } = require('./names.cjs')
const { NativeHome } = require('./native.cjs')
const { Operations, OPTIONS } = require('./operations.cjs')

const EXPECTED = [{ name: 'path', required: false }]

/** What `Home` was called with, checked. */
function checked(given) {
  const { positional, options } = split(given, 'Home', EXPECTED)
  const [where] = positional
  // The user's home comes first: other paths may begin with it.
  const { userHome } = checkedOptions({ userHome: options?.userHome }, 'Home', OPTIONS)
  const own = checkedOptions(options, 'Home', OPTIONS, userHome)
  return { where: where === undefined || where === null ? undefined : path(where, 'path', 'Home', userHome), own }
}

/** Options as they may be shown: without what may be secret. */
function shown({ env, registry, ...options }) {
  if (registry !== undefined) options.registry = registry.replace(/\/\/[^/@]*@/, '//')
  if (env !== undefined) options.env = Object.fromEntries(Object.keys(env).map((name) => [name, '…']))
  return options
}

class Home extends Operations {
  #options

  constructor(...given) {
    super()
    const { where, own } = checked(given)
    this.#options = own
    Object.defineProperty(this, USER_HOME, { value: own.userHome })
    const document = Object.fromEntries(Object.entries(own).map(([name, value]) => [snake(name), value]))
    try {
      Object.defineProperty(this, NATIVE, { value: new NativeHome(where, JSON.stringify(document)) })
    } catch (error) {
      throw fromThrown(error)
    }
  }

  static open(...given) {
    return new Home(...given)
  }

  static async init(...given) {
    const { home, rest } = Home.#opened(given)
    await home.init(...rest)
    return home
  }

  static async clone(url, ...given) {
    const checked = checkedUrl(url, 'url', 'clone')
    const { home, rest: [options] } = Home.#opened(given)
    await home.init({ ...options, url: checked })
    return home
  }

  /** The home for a path and options, and what is given after them. */
  static #opened(given) {
    // Options in the place of the path move what follows forward.
    const isEarly = given[0] !== undefined && split(given.slice(0, 1), 'Home', EXPECTED).options !== undefined
    const end = isEarly ? 1 : 2
    return { home: new Home(...given.slice(0, end)), rest: given.slice(end) }
  }

  get path() {
    return this[NATIVE].path
  }

  toJSON() {
    return { path: this.path }
  }

  [inspect.custom](depth, options, inspected = inspect) {
    const parts = Object.keys(this.#options).length > 0 ? { path: this.path, options: shown(this.#options) } : { path: this.path }
    return `Home ${inspected(parts, { ...options, depth: 2 })}`
  }
}

module.exports = { Home }
