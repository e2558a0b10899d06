'use strict'
// Makes the packages to be published: one for JavaScript, and one a platform with its native half.
//
//   node package.cjs <directory>
//
// The natives are those in native/ (`build.sh` puts the one of this system there; those of others
// are put beside it), or in the directory that ATK_NATIVE names. The package for JavaScript names all
// platforms as optional dependencies: a package manager installs the one that fits.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

// The library runs on Linux and macOS.
const PLATFORMS = [
  ['linux', 'x64', 'gnu'],
  ['linux', 'arm64', 'gnu'],
  ['linux', 'x64', 'musl'],
  ['linux', 'arm64', 'musl'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
]

const out = path.resolve(process.argv[2])
const built = path.resolve(process.env.ATK_NATIVE || path.join(__dirname, 'native'))
const { scripts, devDependencies, ...main } = require('./package.json')
const { version, license, repository, engines } = main

function pack(directory, manifest) {
  fs.writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  fs.copyFileSync(path.join(__dirname, '../../LICENSE'), path.join(directory, 'LICENSE'))
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: directory, encoding: 'utf8' })
  console.log(path.join(out, packed.trim()))
}

fs.rmSync(out, { recursive: true, force: true })
const names = PLATFORMS.map((platform) => platform.join('-'))
const natives = names.filter((name) => fs.existsSync(path.join(built, `atk.${name}.node`)))
if (natives.length === 0) throw new Error(`${built} is empty: run build.sh before`)

for (const [os, cpu, abi] of PLATFORMS) {
  const name = [os, cpu, abi].filter(Boolean).join('-')
  if (!natives.includes(name)) continue
  const directory = path.join(out, 'npm', name)
  const binary = `atk.${name}.node`
  fs.mkdirSync(directory, { recursive: true })
  fs.copyFileSync(path.join(built, binary), path.join(directory, binary))
  pack(directory, {
    name: `${main.name}-${name}`,
    version,
    description: `The native half of ${main.name} for ${name}`,
    license,
    repository,
    main: binary,
    files: [binary],
    engines,
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: [abi === 'gnu' ? 'glibc' : abi] }),
  })
}

const directory = path.join(out, 'npm', 'main')
fs.cpSync(path.join(__dirname, 'lib'), path.join(directory, 'lib'), { recursive: true })
fs.copyFileSync(path.join(__dirname, 'README.md'), path.join(directory, 'README.md'))
const optionalDependencies = Object.fromEntries(names.map((name) => [`${main.name}-${name}`, version]))
pack(directory, { ...main, optionalDependencies })
