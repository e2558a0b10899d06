'use strict'
// Uses the npm package: init, add, list, remove. program.cjs <home> <source>

const assert = require('node:assert')
const { Home } = require('@svtoo/atk')

async function main(directory, source) {
  const home = await Home.init(directory)
  await home.add(source, { yes: true })
  assert.deepStrictEqual((await home.list()).map((plugin) => plugin.directory), ['weather'])
  await home.remove('weather', { yes: true })
  assert.deepStrictEqual(await home.list(), [])
  console.log(`the npm package works on Node ${process.version}`)
}

main(...process.argv.slice(2))
