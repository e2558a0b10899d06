// Compiled under `tsc --strict`, as an ES module; never run.
import {
  AbortError,
  AtkError,
  ERROR_CODES,
  Home,
  USE_DEFAULT,
  fetch,
  resolve,
  type ErrorCode,
  type Listed,
  type Report,
  type Upgraded,
} from '@svtoo/atk'

export async function everything(signal: AbortSignal): Promise<string[]> {
  const home: Home = await Home.init('/home', { registry: 'https://example.com/r.git', env: { A: null } })
  const added = await home.add('openmemory', {
    signal,
    at: '0'.repeat(40),
    env: { TOKEN: 't' },
    trust: ['github.com/my-org/'],
    onEvent: (event) => {
      if (event.event === 'progress') return event.bytes / 1024
      // @ts-expect-error: a step has no bytes
      if (event.event === 'step') return event.bytes
      return undefined
    },
    onOutput: ({ text, chunk, stream }) => console.error(stream, text, chunk.byteLength),
    onPrompt: async (prompt) => {
      if (prompt.kind === 'confirm' || prompt.kind === 'trust') return true
      return prompt.default === null ? 'text' : USE_DEFAULT
    },
  })
  const pin: string | null = added.source.pin
  // @ts-expect-error: a number is no answer
  await home.setup('x', { onPrompt: () => 7 })
  // @ts-expect-error: a plugin must be named
  await home.remove()
  // @ts-expect-error: no question is asked
  await home.list({ onPrompt: () => true })
  // @ts-expect-error: only a fetch and an add take a version
  await home.upgrade('x', { at: '0'.repeat(40) })
  await home.start('x', { yes: true, answers: { 'trust:home': 'yes' } })

  const report: Report<Upgraded> = await home.upgrade()
  for (const line of report.plugins) {
    if (line.result === 'done') console.error(line.outcome.plan.newPin, line.outcome.backup)
    else if (line.result === 'skipped') console.error(line.reason === 'up_to_date')
    else console.error(line.error.code, line.error.details.commandExitCode)
  }
  try {
    const source = await resolve('x', { homeOptions: { wait: false } })
    if (source.type === 'git') await fetch(source.url, '/x', { signal })
  } catch (error) {
    if (error instanceof AbortError) throw error.cause
    if (error instanceof AtkError) {
      const code: ErrorCode = error.code
      return [code, String(ERROR_CODES[code].exitCode), String(pin)]
    }
  }
  const listed: Listed[] = await home.list({ signal })
  return listed.map((plugin) => plugin.name)
}
