// Compiled under `tsc --strict`, as a CommonJS module; never run.
import atk = require('@svtoo/atk')
import type { CancellationToken } from 'vscode'

export async function names(): Promise<string[]> {
  const home: atk.Home = new atk.Home()
  const { plugins }: atk.SearchResult = await home.search('memory')
  const found: atk.Found[] = plugins
  return found.map((plugin) => plugin.name)
}

/** A token of VS Code is a signal. */
export async function cancellable(home: atk.Home, token: CancellationToken): Promise<void> {
  await home.list({ signal: token })
  // @ts-expect-error: a controller is not a signal
  await home.list({ signal: new AbortController() })
}
