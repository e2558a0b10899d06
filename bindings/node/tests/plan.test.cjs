'use strict'
// An upgrade by plan makes the changes that were shown, and no others.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { change, home, rejected, snapshot, tool } = require('./support.cjs')

/** A home with two plugins that can be upgraded, and their sources. */
async function upgradable() {
  const where = await home()
  const urls = ['One', 'Two'].map((name) => tool(name, '', { 'run.sh': 'echo old\n' }))
  for (const url of urls) await where.add(url, { trust: ['*'] })
  for (const url of urls) change(url, 'run.sh', 'echo new\n')
  const script = (name) => fs.readFileSync(path.join(where.path, 'plugins', name, 'run.sh'), 'utf8')
  return { where, urls, script }
}

const TRUST = { trust: ['*'] }

/** What may be given as the plan, made of the report of `planUpgrade`. */
const FORMS = {
  'a report': (report) => report,
  'the lines of a report': (report) => report.plugins,
  plans: (report) => report.plugins.map(({ outcome }) => outcome),
  digests: (report) => report.plugins.map(({ outcome }) => outcome.digest),
  'a report that was JSON': (report) => JSON.parse(JSON.stringify(report)),
  'a mixture': ({ plugins: [one, two] }) => [one.outcome.digest, [two]],
}

for (const [what, made] of Object.entries(FORMS)) {
  test(`a plan may be ${what}`, async () => {
    const { where, script } = await upgradable()
    const plan = made(await where.planUpgrade())
    const { plugins } = await where.upgrade({ ...TRUST, plan })
    assert.deepEqual(plugins.map(({ result }) => result), ['done', 'done'])
    assert.deepEqual([script('one'), script('two')], ['echo new\n', 'echo new\n'])
  })
}

test('one plan, or its digest, upgrades one plugin', async () => {
  const { where } = await upgradable()
  const [one, two] = (await where.planUpgrade()).plugins
  assert.equal((await where.upgrade('one', { ...TRUST, plan: one.outcome })).plugins[0].result, 'done')
  assert.equal((await where.upgrade('two', { ...TRUST, plan: two.outcome.digest })).plugins[0].result, 'done')
})

test('a plan that the source outran is refused, and the others are carried out', async () => {
  const { where, urls, script } = await upgradable()
  const plan = await where.planUpgrade()
  change(urls[0], 'run.sh', 'echo nobody saw this\n')
  const before = snapshot(where.path)
  const error = await rejected(where.upgrade('one', { ...TRUST, plan }))
  assert.equal(error.code, 'plan_outdated')
  assert.deepEqual(snapshot(where.path), before)
  const { plugins } = await where.upgrade({ ...TRUST, plan })
  assert.deepEqual([plugins[0].error.code, plugins[1].result], ['plan_outdated', 'done'])
  assert.deepEqual([script('one'), script('two')], ['echo old\n', 'echo new\n'])
})

test('without a single plan nothing is upgraded', async () => {
  const { where, script } = await upgradable()
  for (const plan of [[], { plugins: [], warnings: [] }, [{ result: 'skipped', reason: 'up_to_date' }]]) {
    const { plugins } = await where.upgrade({ ...TRUST, plan })
    assert.deepEqual(plugins.map(({ error }) => error?.code), ['plan_outdated', 'plan_outdated'])
  }
  assert.deepEqual([script('one'), script('two')], ['echo old\n', 'echo old\n'])
})

test('what is not a plan is refused before anything starts', async () => {
  const { where } = await upgradable()
  for (const [plan, described] of [[7, 'the number 7'], [{}, 'an object'], ['', 'an empty string'], [[null], 'null']]) {
    const error = await rejected(where.upgrade({ ...TRUST, plan }))
    assert.ok(error instanceof TypeError)
    const expected = 'a plan, a report of plans, a digest, or an array of these'
    assert.equal(error.message, `\`plan\` of \`upgrade\` must be ${expected}, not ${described}`)
  }
})
