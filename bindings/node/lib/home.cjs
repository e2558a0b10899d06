'use strict'

const { inspect } = require('node:util')
const { NATIVE } = require('./call.cjs')
const { checkedOptions, path, split } = require('./check.cjs')
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
    // Options in the place of the path move the options of the operation forward as well.
    const isEarly = given[0] !== undefined && split(given.slice(0, 1), 'Home', EXPECTED).options !== undefined
    const home = new Home(...given.slice(0, isEarly ? 1 : 2))
    await home.init(...given.slice(isEarly ? 1 : 2))
    return home
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
