'use strict'
// The plans that an upgrade may carry out, however they are given.

/**
 * The digests in a digest, a plan, a report of plans, a line of one, or an array of these. `refuse`
 * throws for anything else.
 */
function digests(given, refuse) {
  return [...new Set(inside(given, refuse))]
}

function inside(given, refuse) {
  if (typeof given === 'string' && given !== '') return [given]
  if (Array.isArray(given)) return given.flatMap((one) => inside(one, refuse))
  if (typeof given?.digest === 'string') return [given.digest]
  if (given?.result === 'done') return inside(given.outcome, refuse)
  if (given?.result === 'skipped' || given?.result === 'failed') return []
  if (Array.isArray(given?.plugins)) return inside(given.plugins, refuse)
  return refuse(given)
}

module.exports = { digests }
