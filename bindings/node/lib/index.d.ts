// The whole API. A test holds it against the operations and errors of the library.

import type {
  Added,
  CacheReport,
  Details,
  ErrorCode,
  Event,
  Fetched,
  Found,
  Initialized,
  Installed,
  Listed,
  McpServer,
  OutputEvent,
  Prompt,
  Ran,
  Readme,
  Removed,
  Report,
  ScriptEnded,
  SetUp,
  Source,
  StatusReport,
  UpgradePlan,
  Upgraded,
} from './documents.js'

export * from './documents.js'

/** An answer: take the default, or leave the variable unset. */
export declare const USE_DEFAULT: unique symbol

/**
 * An answer to a question: a text, yes or no, the default; `undefined` or `null` where nobody can
 * answer. What is needed and stays unanswered is an error that names it.
 */
export type Reply = string | boolean | typeof USE_DEFAULT | null | undefined

/** How a home is opened. What is absent is as the environment says (`ATK_REGISTRY_URL`, …). */
export interface Settings {
  /** The registry: the URL of a git repository. */
  registry?: string
  /** The object cache. */
  cacheDir?: string
  /** What relative paths of sources are relative to; the working directory. */
  baseDir?: string
  /** What a leading `~` stands for. */
  userHome?: string
  /** The git program. */
  git?: string
  /** Changes of the variables for child processes; null removes one. */
  env?: Record<string, string | null>
  /** False: fail with `home_locked` where another process changes the home. */
  wait?: boolean
  /** Seconds without a byte after which a transfer ends. */
  networkTimeout?: number
  /** The lowest average rate of a transfer, in bytes a second. */
  networkRate?: number
  /** Seconds that the `status` command of a plugin may take; 10. */
  statusTimeout?: number
  /** How many files and links a plugin may have. */
  maxFiles?: number
  /** How many bytes a file of a plugin may have. */
  maxFileBytes?: number
  /** How many bytes all files of a plugin may have. */
  maxPluginBytes?: number
  /** Bytes of one transfer from a git server, as they come and as they are unpacked. */
  maxTransferBytes?: number
  /** How many bytes the object cache may have. */
  cacheLimit?: number
}

/** What every operation takes. */
export interface CallOptions {
  /**
   * Aborts the operation: it rejects with an `AbortError` once it has ended, and the home is as it
   * was before.
   */
  signal?: AbortSignal
  /**
   * Hears events; the operation waits for it. What it throws or rejects with cancels the operation
   * and is what the operation rejects with.
   */
  onEvent?: (event: Event) => unknown
  /** Hears what commands of plugins write; as `onEvent` otherwise. */
  onOutput?: (output: OutputEvent) => unknown
}

/** What operations take that ask questions. */
export interface AskOptions extends CallOptions {
  /** Answers questions that are not answered beforehand. What it throws is handled as by `onEvent`. */
  onPrompt?: (prompt: Prompt) => Reply | Promise<Reply>
  /** Answers by the ids of their questions (`env:github:TOKEN`). */
  answers?: Record<string, string>
  /** Values of variables by name. */
  env?: Record<string, string>
  /** Prefixes of the URLs of trusted sources (`github.com/my-org/`); `*` for all. */
  trust?: string[]
  /** Yes to every question that is answered by yes or no. */
  yes?: boolean
}

/** What {@link Home.fetch} takes. */
export interface FetchOptions extends CallOptions {
  /** The commit, by its full id; the newest where there is none. */
  at?: string
}

/** What {@link Home.add} takes. */
export interface AddOptions extends AskOptions {
  /** The commit, by its full id; the newest where there is none. */
  at?: string
}

/** What {@link Home.init} takes. */
export interface InitOptions extends CallOptions {
  /** Makes a home of a directory that has a manifest, but is not a git repository. */
  adopt?: boolean
}

/** What {@link Home.remove} takes. */
export interface RemoveOptions extends AskOptions {
  /** Removes without asking. */
  force?: boolean
  /**
   * Goes on if the plugin's `uninstall` command fails, or if what is not committed of it cannot be
   * saved.
   */
  ignoreFailures?: boolean
}

/**
 * A home: the directory that holds a user's plugins. Opening one reads nothing. Every operation runs
 * on a thread of its own; its promise rejects with an {@link AtkError}.
 *
 * Of one plugin a failure rejects; of all, where no plugin is named, it stands in the report and
 * stops no other.
 */
export declare class Home {
  /** Opens a home, which need not exist; without a path it is where the environment says. */
  constructor(path?: string, settings?: Settings)

  /** The same as the constructor. */
  static open(path?: string, settings?: Settings): Home

  /** Opens a home and creates it where it does not exist. */
  static init(path?: string, settings?: Settings, options?: InitOptions): Promise<Home>

  /** The home's absolute path. */
  readonly path: string

  /** Creates the home: layout, repository, first commit. A valid home is left as it is. */
  init(options?: InitOptions): Promise<Initialized>

  /** Says what a source means: a path, a git URL, or a registry name. */
  resolve(source: string, options?: CallOptions): Promise<Source>

  /**
   * Brings a source's plugin files into a directory that does not exist or is empty, and checks
   * them. Touches no home.
   */
  fetch(source: string, dest: string, options?: FetchOptions): Promise<Fetched>

  /**
   * Adds a plugin: fetches and checks it, asks what must be asked, puts it in place, runs its
   * `install` command and commits.
   */
  add(source: string, options?: AddOptions): Promise<Added>

  /**
   * Asks for the variables of a plugin, or of all, and writes the answers to `.env`. Files that are
   * missing are fetched at their pins first.
   */
  setup(plugin?: string, options?: AskOptions): Promise<Report<SetUp>>

  /**
   * Brings the files of a plugin, or of all, to their pins where they are not, and runs their
   * `install` commands: what makes the clone of a home work on a new machine.
   */
  install(plugin?: string, options?: AskOptions): Promise<Report<Installed>>

  /** Says what `upgrade` would change. Nothing in the home changes. */
  planUpgrade(plugin?: string, options?: CallOptions): Promise<Report<UpgradePlan>>

  /** Brings a plugin, or all, to the newest commit of its source, keeping what is the user's. */
  upgrade(plugin?: string, options?: AskOptions): Promise<Report<Upgraded>>

  /** The same as {@link Home.remove}. */
  uninstall(plugin: string, options?: RemoveOptions): Promise<Removed>

  /**
   * Removes a plugin with all that is in its directory, after its `stop` and `uninstall` commands.
   * Asks first.
   */
  remove(plugin: string, options?: RemoveOptions): Promise<Removed>

  /** Runs the `start` command of a plugin, or of all in the order of the manifest. */
  start(plugin?: string, options?: CallOptions): Promise<Report<Ran>>

  /** Runs the `stop` command of a plugin, or of all in reverse. */
  stop(plugin?: string, options?: CallOptions): Promise<Report<Ran>>

  /** Stops a plugin, or all, and starts it again. */
  restart(plugin?: string, options?: CallOptions): Promise<Report<Ran>>

  /** Returns whether a plugin, or all, runs, what it lacks, and the state of the repository. */
  status(plugin?: string, options?: CallOptions): Promise<StatusReport>

  /** Runs the `logs` command of a plugin; what it writes goes to `onOutput`. */
  logs(plugin: string, options?: CallOptions): Promise<Ran>

  /**
   * Runs a script of a plugin, the user's own in `custom/` first. However it ends is the outcome.
   */
  run(plugin: string, script: string, args?: string[], options?: CallOptions): Promise<ScriptEnded>

  /** Runs git in the home. */
  git(args: string[], options?: CallOptions): Promise<ScriptEnded>

  /** The plugins of the manifest, in its order. Nothing is run. */
  list(options?: CallOptions): Promise<Listed[]>

  /** The plugins of the registry whose name or description has a text in it, in any case. */
  search(query?: string, options?: CallOptions): Promise<Found[]>

  /** The configuration of a plugin's MCP server, with the values of its variables. */
  mcp(plugin: string, options?: CallOptions): Promise<McpServer>

  /** The `README.md` of a plugin. */
  readme(plugin: string, options?: CallOptions): Promise<Readme>

  /** What the object cache holds. */
  cache(options?: CallOptions): Promise<CacheReport>

  /** Empties the object cache; says what it held. */
  clearCache(options?: CallOptions): Promise<CacheReport>
}

/** Says what a source means, without a home. */
export declare function resolve(
  source: string,
  options?: CallOptions & { settings?: Settings },
): Promise<Source>

/** Brings a source's plugin files into a directory, without a home. */
export declare function fetch(
  source: string,
  dest: string,
  options?: FetchOptions & { settings?: Settings },
): Promise<Fetched>

/** A failure. The operation has changed nothing, but for what a plugin's own commands did. */
export declare class AtkError extends Error {
  protected constructor()
  /** What to act on. */
  readonly code: ErrorCode
  /** The code's number, which never changes. */
  readonly number: number
  /** What a command ends with. */
  readonly exitCode: number
  /** What it is about. */
  readonly details: Details
}

/** The operation was aborted; `cause` is the signal's reason. */
export declare class AbortError extends AtkError {
  protected constructor()
  readonly code: 'cancelled'
}

/** Every error code, with its number and exit code. */
export declare const ERROR_CODES: Readonly<
  Record<ErrorCode, { readonly number: number; readonly exitCode: number }>
>
