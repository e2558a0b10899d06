// An operation behind a notification that can cancel it.

import * as vscode from 'vscode'
import type { AtkEvent, EventOptions, OutputOptions, PromptOptions } from '@svtoo/atk'
import { ask } from './ask'

/** What an operation calls back. */
type Callbacks = EventOptions & OutputOptions & PromptOptions

/** Runs an operation with everything that it may want of the editor. */
export function withProgress<T>(
  title: string,
  output: vscode.OutputChannel,
  run: (options: Callbacks) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true }
  return vscode.window.withProgress(options, (progress, token) => {
    return run({
      // The editor's token is a signal.
      signal: token,
      onEvent: (event) => report(event, progress, output),
      onOutput: ({ text }) => output.append(text),
      onPrompt: (prompt) => ask(prompt, token),
    })
  })
}

function report(
  event: AtkEvent,
  progress: vscode.Progress<{ message?: string }>,
  output: vscode.OutputChannel,
): void {
  if (event.event === 'plugin_started' && event.total > 1) {
    progress.report({ message: `${event.name} (${event.position} of ${event.total})` })
  } else if (event.event === 'resolved' || event.event === 'step') {
    progress.report({ message: event.description })
  } else if (event.event === 'progress') {
    progress.report({ message: `${(event.bytes / 1024).toFixed(0)} KiB` })
  } else if (event.event === 'message') {
    output.appendLine(`${event.level}: ${event.text}`)
  }
}
