// Compiled under `tsc --strict`, as an ES module; never run.
import {
  AbortError,
  AtkError,
  ERROR_CODES,
  Home,
  USE_DEFAULT,
  fetchPlugin,
  resolve,
  type AddOptions,
  type AtkEvent,
  type ErrorCode,
  type Listed,
  type Options,
  type Report,
  type Upgraded,
} from '@svtoo/atk'
import { Scratch, makePrompt, type PluginDraft } from '@svtoo/atk/testing'

/** What a program takes from its own configuration may be undefined. */
export async function configured(
  own: { home?: string; timeout?: number | undefined; signal?: AbortSignal | undefined; at?: string | undefined },
  hear: ((event: AtkEvent) => void) | undefined,
): Promise<void> {
  const options: Options = { networkTimeout: own.timeout, env: { ...process.env, A: null } }
  const home = own.home === undefined ? new Home(options) : new Home(own.home, options)
  const adding: AddOptions = { at: own.at, signal: own.signal, onEvent: hear, env: process.env, yes: undefined }
  await home.add(new URL('file:///plugins/tool'), adding)
  await home.list({ signal: own.signal })
}

/** Only what was shown is carried out. */
export async function upgraded(home: Home): Promise<void> {
  const report = await home.planUpgrade()
  const done = report.plugins.filter((line) => line.result === 'done')
  await home.upgrade({ plan: report })
  await home.upgrade({ plan: done })
  for (const { directory, outcome } of done) {
    await home.upgrade(directory, { plan: outcome, trust: ['github.com/my-org/'] as const })
    await home.upgrade(directory, { plan: [outcome.digest] })
  }
  // @ts-expect-error: a plan is not a number
  await home.upgrade({ plan: 7 })
}

/** The types that a global shares its name with. */
export function globals(event: Event, thrown: unknown): string {
  // The global, which has no text.
  const error = thrown instanceof AtkError ? thrown : AtkError.from(JSON.parse(String(event.type)))
  const { code, exitCode } = error.toJSON()
  return `${code} ${exitCode} ${new AtkError('made by a test', { code: 'home_locked' }).message}`
}

/** A test of a program. */
export async function tested(): Promise<string> {
  const scratch = new Scratch()
  const draft: PluginDraft = { name: 'Tool', envVars: [{ name: 'KEY' }], files: { 'run.sh': 'echo' } }
  const home: Home = await scratch.home({ registry: scratch.registry([draft]) })
  await home.add(scratch.plugin(draft), { onPrompt: () => makePrompt({ kind: 'secret' }).message })
  // @ts-expect-error: a plugin has a name
  scratch.plugin({ files: {} })
  return scratch.change(scratch.repository(draft), { 'notes.txt': 'text' })
}

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
    if (source.type === 'git') await fetchPlugin(source.url, new URL('file:///x'), { signal })
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
