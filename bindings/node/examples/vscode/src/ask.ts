// Questions of an operation as dialogs. A dialog that is closed cancels what asked.

import * as vscode from 'vscode'
import { USE_DEFAULT, type Prompt, type Reply } from '@svtoo/atk'

export async function ask(prompt: Prompt, token: vscode.CancellationToken): Promise<Reply> {
  if (prompt.kind === 'confirm' || prompt.kind === 'trust') {
    const yes = prompt.kind === 'trust' ? 'Trust' : 'Yes'
    const detail = prompt.details.join('\n')
    const chosen = await vscode.window.showWarningMessage(prompt.message, { modal: true, detail }, yes)
    return chosen === yes
  }
  const [at, of] = prompt.position
  const text = await vscode.window.showInputBox(
    {
      title: of > 1 ? `${prompt.plugin} (${at} of ${of})` : prompt.plugin,
      prompt: [prompt.message, ...prompt.details].join('\n'),
      // The default of a secret is masked, and no text to start from.
      value: prompt.kind === 'text' ? (prompt.default ?? '') : '',
      placeHolder: prompt.default ?? (prompt.required ? 'required' : 'may stay empty'),
      password: prompt.kind === 'secret',
      ignoreFocusOut: true,
      validateInput: (value) =>
        prompt.required && prompt.default === null && value === '' ? `${prompt.message} is required` : undefined,
    },
    token,
  )
  if (text === undefined) throw new vscode.CancellationError()
  return text === '' || text === prompt.default ? USE_DEFAULT : text
}
