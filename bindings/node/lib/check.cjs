'use strict'
// Arguments and options are checked before anything starts, and get the form that the library takes.

const { absolute, fromUrl, isUrl } = require('./paths.cjs')
const { digests } = require('./plans.cjs')
const { adapted, isSignal } = require('./signals.cjs')

/** What a value is, in the words of an error. */
function described(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return String(value)
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  if (value === '') return 'an empty string'
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return `a ${typeof value}`
  const name = value.constructor?.name
  return name && name !== 'Object' ? `an object of the class \`${name}\`` : 'an object'
}

/** The error for a value of another type; `place` names it (`trust[0]`), `of` the operation. */
function mistyped(place, of, expected, value) {
  return new TypeError(`\`${place}\` of \`${of}\` must be ${expected}, not ${described(value)}`)
}

/** True for what may be an object of options, or of texts: others have their content elsewhere. */
function isRecord(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUrl(value)) return false
  if (Symbol.iterator in value || typeof value.then === 'function' || isSignal(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null || Object.keys(value).length > 0
}

/** A text that the library can take. */
function text(value, place, of, expected = 'a string') {
  if (typeof value !== 'string') throw mistyped(place, of, expected, value)
  if (/\p{Surrogate}/u.test(value)) throw new TypeError(`\`${place}\` of \`${of}\` has half of a surrogate pair`)
  return value
}

/** A text for the system, which ends such texts at a NUL. */
function word(value, place, of, expected) {
  if (text(value, place, of, expected).includes('\0')) throw new TypeError(`\`${place}\` of \`${of}\` has a NUL`)
  return value
}

const LOCATION = 'a string or a `file:` URL'

function file(given, place, of, expected) {
  if (given.protocol === 'file:') return fromUrl(given)
  throw new TypeError(`\`${place}\` of \`${of}\` must be ${expected}, not a URL with \`${given.protocol}\``)
}

function path(value, place, of, userHome) {
  if (isUrl(value)) return file(value, place, of, LOCATION)
  if (word(value, place, of, LOCATION) === '') throw new TypeError(`\`${place}\` of \`${of}\` must not be empty`)
  return absolute(value, userHome)
}

function texts(value, place, of, allowed = (one) => one) {
  if (!isRecord(value)) throw mistyped(place, of, 'an object of strings', value)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.map(([name, one]) => [text(name, place, of), allowed(one, `${place}.${name}`)]))
}

function list(value, place, of) {
  if (!Array.isArray(value)) throw mistyped(place, of, 'an array of strings', value)
  return Array.from(value, (one, at) => word(one, `${place}[${at}]`, of))
}

/** A number that the library can take. JSON has neither NaN nor infinities. */
function number(value, place, of) {
  if (!Number.isFinite(value)) throw mistyped(place, of, 'a number', value)
  return value
}

function integer(value, place, of) {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw mistyped(place, of, 'a whole number that is not negative', value)
}

function flag(value, place, of) {
  if (typeof value !== 'boolean') throw mistyped(place, of, 'true or false', value)
  return value
}

const url = (value, place, of) => (isUrl(value) ? value.href : text(value, place, of, 'a string or a URL'))

/** The checks by the kinds that `operations.cjs` names. Each returns what is passed on. */
const KINDS = {
  text,
  path,
  flag,
  number,
  integer,
  list,
  url,
  // Of the text the library finds out what it means; a `file:` URL is a path, as for `node:fs`.
  source(value, place, of) {
    if (isUrl(value)) return value.protocol === 'file:' ? fromUrl(value) : value.href
    return text(value, place, of, 'a string or a URL')
  },
  texts: (value, place, of) => texts(value, place, of, (one, at) => text(one, at, of)),
  lists: (value, place, of) => texts(value, place, of, (one, at) => list(one, at, of)),
  textsOrNull: (value, place, of) =>
    texts(value, place, of, (one, at) => (one === null ? null : word(one, at, of, 'a string or null'))),
  plans: (value, place, of) =>
    digests(value, (other) => {
      throw mistyped(place, of, 'a plan, a report of plans, a digest, or an array of these', other)
    }),
  signal(value, place, of) {
    if (isSignal(value)) return adapted(value)
    throw mistyped(place, of, 'an `AbortSignal` or a `CancellationToken`', value)
  },
  callback(value, place, of) {
    if (typeof value !== 'function') throw mistyped(place, of, 'a function', value)
    return value
  },
}

/** The options of `of` that are given, checked. `takes` has the kind of each. */
function checkedOptions(given, of, takes, userHome) {
  if (given === undefined) return {}
  if (!isRecord(given)) {
    const help = isSignal(given) ? '; pass the signal as `{ signal }`' : ''
    throw new TypeError(`\`options\` of \`${of}\` must be an object, not ${described(given)}${help}`)
  }
  const checked = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!Object.hasOwn(takes, name)) throw new TypeError(unknown(name, of, given, takes))
    checked[name] = KINDS[takes[name]](value, name, of, userHome)
  }
  return checked
}

function unknown(name, of, given, takes) {
  const wanted = Object.keys(takes).find((one) => one.toLowerCase() === name.toLowerCase().replaceAll('_', ''))
  const isPlugin = typeof given.directory === 'string' && typeof given.name === 'string'
  const help = isPlugin ? '; to name a plugin, pass its `directory`' : wanted ? `; did you mean \`${wanted}\`?` : ''
  return `\`${of}\` does not take the option \`${name}\`${help}`
}

/**
 * Splits what a function was called with into arguments and options: `expected` are the arguments.
 * Options may take the place of arguments that may be left out.
 */
function split(given, of, expected) {
  const last = given.findLastIndex((one) => one !== undefined)
  if (last > expected.length) {
    const most = expected.length === 0 ? '1 argument' : `${expected.length + 1} arguments`
    throw new TypeError(`\`${of}\` takes at most ${most}, not ${last + 1}`)
  }
  const early = last >= 0 && last < expected.length && !expected[last].required && isRecord(given[last])
  const end = early ? last : expected.length
  return { positional: given.slice(0, end), options: given[end] }
}

/** What an operation was called with, checked: its arguments, and its options. */
function checkedCall(given, of, expected, takes, userHome) {
  const { positional, options } = split(given, of, expected)
  const request = {}
  expected.forEach(({ name, kind, required }, at) => {
    const value = positional[at]
    if (required || (value !== undefined && value !== null)) request[name] = KINDS[kind](value, name, of, userHome)
  })
  return { request, options: checkedOptions(options, of, takes) }
}

module.exports = { checkedCall, checkedOptions, isRecord, path, split, url }
