'use strict'
// A home and sources of its own for each test: nothing of the machine's is read or written.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')

const scratch = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'atk-node-')))
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }))

for (const name of Object.keys(process.env)) {
  if (/^(ATK_|GIT_|XDG_)/.test(name)) delete process.env[name]
}
const user = path.join(scratch, 'user')
fs.mkdirSync(user)
fs.writeFileSync(path.join(user, '.gitconfig'), '[user]\n\tname = U\n\temail = u@example.com\n')
process.env.HOME = user
process.env.ATK_CACHE_DIR = path.join(scratch, 'cache')
// Nothing listens there: no test reaches the real registry by mistake.
process.env.ATK_REGISTRY_URL = 'http://127.0.0.1:9/registry'

const { Home } = require('..')

let made = 0
/** A directory that does not exist yet. */
const fresh = (name) => path.join(scratch, `${name}-${++made}`)

/** A home that exists. */
const home = (options) => Home.init(fresh('home'), options)

function write(directory, name, more, files) {
  const definition = `schema_version: '2026-01-23'\nname: ${name}\ndescription: What ${name} does\n${more}`
  for (const [file, text] of Object.entries({ 'plugin.yaml': definition, ...files })) {
    const at = path.join(directory, file)
    fs.mkdirSync(path.dirname(at), { recursive: true })
    // Scripts must be executable to be run.
    fs.writeFileSync(at, text, { mode: 0o755 })
  }
}

const git = (directory, ...args) => execFileSync('git', args, { cwd: directory, encoding: 'utf8' })

function commit(repository) {
  git(repository, 'add', '.')
  git(repository, 'commit', '-qm', 'Change')
}

/** A plugin in a directory; its path. */
function local(name, more = '', files = {}) {
  const directory = path.join(fresh('local'), name.toLowerCase())
  write(directory, name, more, files)
  return directory
}

/** A git repository with an `.atk` directory; its URL. */
function tool(name, more = '', files = {}) {
  const repository = path.join(fresh('git'), `${name.toLowerCase()}.git`)
  write(path.join(repository, '.atk'), name, more, files)
  git(repository, 'init', '-q')
  commit(repository)
  return `file://${repository}`
}

/** Changes a file of a tool's plugin. */
function change(url, file, text) {
  const repository = url.replace('file://', '')
  fs.writeFileSync(path.join(repository, '.atk', file), text)
  commit(repository)
}

/** A registry with plugins: their names, and more lines of their definitions. */
function registry(plugins) {
  const repository = fresh('registry')
  fs.mkdirSync(repository)
  let index = "schema_version: '2026-01-23'\nplugins:" + (Object.keys(plugins).length ? '\n' : ' []\n')
  for (const [name, more] of Object.entries(plugins)) {
    write(path.join(repository, 'plugins', name), name, more, {})
    index += `- name: ${name}\n  path: plugins/${name}\n  description: What ${name} does\n`
  }
  fs.writeFileSync(path.join(repository, 'index.yaml'), index)
  git(repository, 'init', '-q')
  commit(repository)
  return `file://${repository}`
}

/** A server that takes connections and never answers; `connected` resolves with the first. */
async function silentServer() {
  const sockets = new Set()
  let first
  const connected = new Promise((resolve) => (first = resolve))
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    first()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${server.address().port}/tool.git`, connected, close }
}

/** All files of a home with what is in them, but for its working files. */
function snapshot(directory) {
  const found = {}
  const walk = (at) => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const child = path.join(at, entry.name)
      if (child.endsWith(path.join('.git', 'atk'))) continue
      if (entry.isDirectory()) walk(child)
      else if (entry.isFile()) found[path.relative(directory, child)] = fs.readFileSync(child, 'base64')
    }
  }
  walk(directory)
  return found
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** The error that a promise rejects with. */
async function rejected(promise) {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`it did not reject: ${JSON.stringify(outcome.value)}`)
  return outcome.error
}

module.exports = { scratch, fresh, home, local, tool, change, registry, silentServer, snapshot, sleep, rejected, git }
