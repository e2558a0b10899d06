// Reports of tests what failed, and how many there were: the same on every Node.
export default async function* brief(source) {
  let passed = 0
  let failed = 0
  let skipped = 0
  for await (const { type, data } of source) {
    if (type === 'test:fail') {
      failed += 1
      const error = data.details.error
      yield `not ok: ${data.name} (${data.file ?? ''})\n${error.cause?.stack ?? error.cause ?? error.stack}\n`
    }
    if (type === 'test:pass') {
      if (data.skip === undefined) passed += 1
      else skipped += 1
    }
    if (type === 'test:stderr') yield data.message
  }
  yield `${passed} passed, ${failed} failed, ${skipped} skipped\n`
}
