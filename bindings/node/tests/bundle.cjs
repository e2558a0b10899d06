'use strict'
// Bundles a program that uses the package with each bundler, as a program would that ships one file.
//
//   node bundle.cjs <directory with the installed packages>
//
// The bundles are in bundles/; the native half is found in node_modules. Those in shipped/ are alone
// with the file of the native half.

const fs = require('node:fs')
const path = require('node:path')
const commonjs = require('@rollup/plugin-commonjs')
const { nodeResolve } = require('@rollup/plugin-node-resolve')
const esbuild = require('esbuild')
const { rollup } = require('rollup')
const webpack = require('webpack')

const directory = path.resolve(process.argv[2])
const entry = path.join(directory, 'program.mjs')
const out = (name) => path.join(directory, 'bundles', name)

/** esbuild's ES modules have no `require`, which CommonJS packages need. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

async function byEsbuild() {
  const common = { entryPoints: [entry], bundle: true, platform: 'node', target: 'node18', logLevel: 'error' }
  const results = [
    await esbuild.build({ ...common, format: 'cjs', outfile: out('esbuild.cjs') }),
    await esbuild.build({ ...common, format: 'cjs', minify: true, outfile: out('esbuild.min.cjs') }),
    await esbuild.build({ ...common, format: 'esm', banner: { js: BANNER }, outfile: out('esbuild.mjs') }),
  ]
  return results.flatMap(({ warnings }) => warnings.map(({ text }) => text))
}

async function byRollup() {
  const warnings = []
  const plugins = [nodeResolve({ exportConditions: ['node'] }), commonjs()]
  const bundle = await rollup({ input: entry, plugins, onwarn: ({ message }) => warnings.push(message) })
  await bundle.write({ format: 'cjs', file: out('rollup.cjs') })
  await bundle.write({ format: 'es', file: out('rollup.mjs') })
  await bundle.close()
  return warnings
}

function byWebpack() {
  const output = { path: path.join(directory, 'bundles'), filename: 'webpack.cjs' }
  const config = { entry, mode: 'production', target: 'node18', output, context: directory }
  return new Promise((resolve, reject) =>
    webpack(config, (error, stats) => {
      if (error) return reject(error)
      const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
      if (errors.length > 0) return reject(new Error(errors[0].message))
      resolve(warnings.map(({ message }) => message))
    }),
  )
}

async function main() {
  fs.copyFileSync(path.join(__dirname, 'program.mjs'), entry)
  const warnings = (await Promise.all([byEsbuild(), byRollup(), byWebpack()])).flat()
  if (warnings.length > 0) throw new Error(`a bundler warns: ${warnings.join('\n')}`)

  // Elsewhere no package is found.
  const shipped = path.join(directory, '..', 'shipped')
  fs.rmSync(shipped, { recursive: true, force: true })
  fs.mkdirSync(shipped)
  for (const name of fs.readdirSync(out(''))) fs.copyFileSync(out(name), path.join(shipped, name))
  const scope = path.join(directory, 'node_modules/@svtoo')
  for (const name of fs.readdirSync(scope).filter((one) => one.startsWith('atk-'))) {
    const [file] = fs.readdirSync(path.join(scope, name)).filter((one) => one.endsWith('.node'))
    fs.copyFileSync(path.join(scope, name, file), path.join(shipped, file))
  }
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
