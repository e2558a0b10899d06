// Compiled under `tsc --strict`, as a CommonJS module; never run.
import atk = require('@svtoo/atk')

export async function names(): Promise<string[]> {
  const home: atk.Home = new atk.Home()
  const found: atk.Found[] = await home.search('memory')
  return found.map((plugin) => plugin.name)
}
