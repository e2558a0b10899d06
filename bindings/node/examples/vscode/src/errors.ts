// What is shown of a failure.

import * as vscode from 'vscode'
import { AtkError } from '@svtoo/atk'

/** Shows an error, unless the user wanted it so. */
export async function shown(error: unknown, output: vscode.OutputChannel): Promise<void> {
  if (error instanceof vscode.CancellationError) return
  if (!(error instanceof AtkError)) throw error
  if (error.code === 'cancelled' || error.code === 'declined') return
  const { output: written, problems } = error.details
  for (const problem of problems ?? []) output.appendLine(`${problem.file}:${problem.line}: ${problem.message}`)
  if (written) output.appendLine(written)
  const more = written || problems?.length ? ['Show details'] : []
  if ((await vscode.window.showErrorMessage(error.message, ...more)) !== undefined) output.show()
}
