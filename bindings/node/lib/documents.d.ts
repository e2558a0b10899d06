// What the library returns, tells and asks: its documents with names in camelCase. Long, because it is
// one table; a test holds every name and type in it against the library's schema.

import type { AtkError } from './index.js'

/** The outcome of `init`. */
export interface Initialized {
  /** The home. */
  home: string
  /** False where it was a home already. */
  created: boolean
}

/** A plugin of the registry, by its name in the index. */
export interface RegistrySource {
  type: 'registry'
  /** The name. */
  name: string
}

/** A git repository with an `.atk` directory. */
export interface GitSource {
  type: 'git'
  /** Its URL. */
  url: string
}

/** A directory, or a single definition file. */
export interface LocalSource {
  type: 'local'
  /** Its absolute path. */
  path: string
  /** True where a bare name was taken for a path because something of that name exists. */
  bare: boolean
}

/** Where a plugin comes from. */
export type Source = RegistrySource | GitSource | LocalSource

/** The outcome of `fetch`. */
export interface Fetched {
  /** Where the files are. */
  path: string
  /** The commit they are from; none for local sources. */
  pin: string | null
  /** The id of their tree in the source's repository; none for local sources. */
  tree: string | null
  /** The plugin definition. */
  definition: Definition
  /** The files, relative to `path`, with `/`, in order. */
  files: string[]
  /** What was left out or looks wrong. */
  warnings: string[]
}

/**
 * A plugin definition: what `plugin.yaml` says, with the user's overlay merged in. Absent
 * fields are left out.
 */
export interface Definition {
  /** The date that names the format's version. */
  schemaVersion: string
  /** The display name. It has no control characters. */
  name: string
  /** One line about it. */
  description: string
  /** How far the plugin has been looked at by people. */
  maturity: Maturity
  /** Who makes the tool. */
  vendor?: Vendor | null
  /** How its service runs, if it has one. */
  service?: Service | null
  /** The ports that its service listens on. */
  ports?: Port[]
  /** The variables that it wants to know. */
  envVars?: EnvVar[]
  /** The commands that it can run. */
  lifecycle?: Lifecycle
  /** Its MCP server, if it has one. */
  mcp?: Mcp | null
}

/**
 * How far a plugin has been looked at by people.
 *
 * `ai-generated`: Made by a machine; nobody vouches for it.
 *
 * `community`: Used and looked after by its users.
 *
 * `verified`: Checked by the registry's maintainers.
 */
export type Maturity = 'ai-generated' | 'community' | 'verified'

/** Who makes the tool. */
export interface Vendor {
  /** Their name. */
  name: string
  /** Their page. */
  url?: string | null
  /** The tool's documentation. */
  docs?: string | null
}

/** How a plugin's service runs. */
export interface Service {
  /** What runs it; `docker-compose` where the definition does not say. */
  type: ServiceType
  /**
   * The compose file, a path below the plugin's directory. `Service::compose_file` knows its
   * default.
   */
  composeFile?: string | null
  /** The unit's name, for systemd. */
  unitName?: string | null
}

/**
 * What runs a plugin's service.
 *
 * `docker-compose`: Containers, by a compose file.
 *
 * `docker`: A container.
 *
 * `systemd`: A unit of systemd.
 *
 * `script`: A script of the plugin's.
 */
export type ServiceType = 'docker-compose' | 'docker' | 'systemd' | 'script'

/** A port that a plugin's service listens on. */
export interface Port {
  /** Its number, never 0. */
  port: number
  /** What it is called. */
  name?: string | null
  /** What is spoken there; `http` where the definition does not say. */
  protocol: string
  /** What it is for. */
  description?: string | null
}

/** A variable that a plugin wants to know. */
export interface EnvVar {
  /** Its name: `^[A-Z_][A-Z0-9_]*$`. */
  name: string
  /** True where the plugin does not work without it. */
  required: boolean
  /** True where its value must not be shown. */
  secret: boolean
  /** The value that counts where the user gives none. */
  default?: string | null
  /** What it is for. */
  description?: string | null
}

/**
 * The commands of a plugin, for a shell in its directory. `install` comes with `uninstall`.
 */
export interface Lifecycle {
  /** Installs or updates what the files alone are not. */
  install?: string | null
  /** Undoes `install`. */
  uninstall?: string | null
  /** Starts the service. */
  start?: string | null
  /** Stops the service. */
  stop?: string | null
  /** Shows what the service logged. */
  logs?: string | null
  /** Ends with status 0 while the service runs. */
  status?: string | null
  /** A URL that answers while the service is well. */
  healthEndpoint?: string | null
}

/** The MCP server of a plugin: a command (`stdio`), or a URL (`http`, `sse`). */
export interface Mcp {
  /** How it is spoken to. */
  transport: Transport
  /** The command; for `stdio`, and always there. */
  command?: string | null
  /** Its arguments. */
  args?: string[]
  /** The URL; for `http` and `sse`, and always there. */
  endpoint?: string | null
  /** The names of the variables that it gets. */
  env?: string[]
  /** How long a call of one of its tools may take, in milliseconds. */
  timeout?: number | null
}

/**
 * How an MCP server is spoken to.
 *
 * `stdio`: A command, over its standard streams.
 *
 * `http`: A URL, by streamable HTTP.
 *
 * `sse`: A URL, by server-sent events.
 */
export type Transport = 'stdio' | 'http' | 'sse'

/** The outcome of `add`. */
export interface Added {
  /** The plugin's display name. */
  name: string
  /** The plugin's directory under `plugins/`. */
  directory: string
  /** Its absolute path. */
  path: string
  /** Where it came from. */
  source: SourceInfo
  /** How many files were put in place. */
  files: number
  /** True where the plugin has an `install` command, which has then been run. */
  installed: boolean
  /** The commit in the home's repository; none where the home does not commit by itself. */
  commit: string | null
  /** Where the commit was pushed, or why not; null if the home does not push by itself. */
  push: Push | null
  /** What deserves attention. */
  warnings: string[]
}

/** Where a home that pushes by itself sent a commit, or why it did not. */
export interface Push {
  /** The remote's name; null if git knows none to push to. */
  remote: string | null
  /** The remote's URL, without credentials. */
  url: string | null
  /** The branch that was, or would be, updated there; null if HEAD is detached. */
  branch: string | null
  /** True if the remote has the commit. */
  pushed: boolean
  /** Why it was not pushed, in git's own words; null if it was. */
  reason: string | null
  /** What gets past that, naming git commands to run in the home; null if that is not known. */
  help: string | null
}

/** A source, as the manifest records it. */
export interface SourceInfo {
  /** Its kind. */
  type: SourceKind
  /** The commit it is fixed to; none for local plugins. */
  pin: string | null
  /** Its URL; for git sources only. */
  url: string | null
}

/**
 * The kind of a source, as the manifest writes it.
 *
 * `registry`: The registry.
 *
 * `git`: A git repository.
 *
 * `local`: A directory of the user's.
 */
export type SourceKind = 'registry' | 'git' | 'local'

/** The outcome of `setup` for a plugin. */
export interface SetUp {
  /** The names of the variables that got a new value, in the order of the definition. */
  written: string[]
  /** The absolute path of the `.env` file. */
  path: string
  /** True where the plugin's files were missing and have been fetched at the pin. */
  fetched: boolean
  /** What deserves attention. */
  warnings: string[]
}

/**
 * Why there was nothing to do for a plugin.
 *
 * `up_to_date`: It is at the newest commit of its source already.
 *
 * `local`: Its source is local: there is nothing newer to fetch.
 *
 * `no_command`: Its definition has no command for this.
 *
 * `already_running`: Its service runs already.
 *
 * `no_variables`: It declares no variables.
 *
 * `declined`: The user said no.
 */
export type Skip =
  | 'up_to_date'
  | 'local'
  | 'no_command'
  | 'already_running'
  | 'no_variables'
  | 'declined'

/** The code of an error: what to act on. New ones may come. */
export type ErrorCode =
  | 'internal'
  | 'invalid_argument'
  | 'cancelled'
  | 'host_failed'
  | 'interaction_required'
  | 'io'
  | 'declined'
  | 'home_not_initialized'
  | 'home_occupied'
  | 'home_invalid'
  | 'home_locked'
  | 'home_nested'
  | 'home_in_progress'
  | 'recovery_failed'
  | 'plugin_not_installed'
  | 'plugin_exists'
  | 'directory_occupied'
  | 'definition_invalid'
  | 'content_refused'
  | 'local_not_upgradable'
  | 'not_declared'
  | 'source_invalid'
  | 'source_not_found'
  | 'not_in_registry'
  | 'registry_invalid'
  | 'variables_unset'
  | 'port_in_use'
  | 'trust_required'
  | 'lifecycle_failed'
  | 'git_missing'
  | 'git_failed'
  | 'network_failed'
  | 'timed_out'
  | 'access_denied'
  | 'repository_not_found'
  | 'repository_empty'
  | 'pin_not_found'
  | 'commit_refused'

/** What an error is about. Every part is absent where it does not apply. */
export interface Details {
  /** The plugin's directory or name. */
  plugin?: string | null
  /** A path, of the home or of a plugin's tree. */
  path?: string | null
  /** A URL, without credentials. */
  url?: string | null
  /** The id of the question that was left unanswered. */
  prompt?: string | null
  /** The names of the variables that have no value. */
  variables?: string[]
  /** The problems of a definition, an overlay, an index or a manifest. */
  problems?: Problem[]
  /** The command that failed. */
  command?: string | null
  /** The exit code of that command; absent where a signal ended it. */
  commandExitCode?: number | null
  /** The last lines that the command, or the git server, wrote. */
  output?: string | null
  /** The way out, in words that name no command. */
  help?: string | null
}

/** A problem of one place in a file that a person wrote. */
export interface Problem {
  /** The file, as it is known to its author (`plugin.yaml`, `custom/overrides.yaml`). */
  file: string
  /** The line, counted from 1. */
  line: number
  /** The column in characters, counted from 1. */
  column: number
  /** The field, as `ports[0].port`; empty for the document as a whole. */
  field: string
  /** What is wrong, without place and field. */
  message: string
}

/** The outcome of `install` for a plugin. */
export interface Installed {
  /** The commit that its files are from; none for local plugins. */
  pin: string | null
  /** True where its files were missing, or of another commit, and have been fetched. */
  fetched: boolean
  /** True where it has an `install` command, which has been run. */
  installed: boolean
  /** What deserves attention. */
  warnings: string[]
}

/** What an upgrade of a plugin would change. */
export interface UpgradePlan {
  /** The plugin's directory under `plugins/`. */
  directory: string
  /** Its display name now. */
  oldName: string
  /** Its display name at the new commit. */
  newName: string
  /** The commit that it is fixed to now; none where the manifest has none. */
  oldPin: string | null
  /** The newest commit of its source. */
  newPin: string
  /** Its files. */
  files: FileChanges
  /**
   * The lifecycle and MCP commands that change, and the defaults of variables that change what
   * these do.
   */
  commands: CommandChange[]
  /** Ports that it declares and did not declare. */
  portsAdded: Port[]
  /** Ports that it declared and declares no more. */
  portsRemoved: Port[]
  /** Variables that it wants to know and did not want to know. */
  variablesAdded: EnvVar[]
  /** Variables that it wanted to know and wants no more. */
  variablesRemoved: EnvVar[]
  /** True where what can run changes, so that its source must be trusted anew. */
  needsTrust: boolean
  /** What deserves attention. */
  warnings: string[]
}

/**
 * The files of a plugin that an upgrade changes, relative to its directory, with `/`, in
 * order.
 */
export interface FileChanges {
  /** New ones. */
  added: string[]
  /** Those whose content, kind or executable bit differs. */
  changed: string[]
  /** Those that go. */
  removed: string[]
  /**
   * Those of `changed` and `removed`, and those in the way of `added`, that the user edited or
   * made: their bytes are kept in a backup.
   */
  edited: string[]
}

/** A command that an upgrade changes. */
export interface CommandChange {
  /**
   * The field of the definition: `lifecycle.install`, `mcp.command`, `mcp.args`, `mcp.endpoint`,
   * `env_vars.NAME` for a default.
   */
  field: string
  /** What it was; none where it was not there. Arguments stand as a JSON array. */
  old: string | null
  /** What it will be; none where it will not be there. */
  new: string | null
}

/** The outcome of `upgrade` for a plugin. */
export interface Upgraded {
  /** What has changed. */
  plan: UpgradePlan
  /** True where it has an `install` command, which has been run. */
  installed: boolean
  /** Where the old bytes of files are that the user had edited. */
  backup: string | null
  /** The commit in the home's repository; none where the home does not commit by itself. */
  commit: string | null
  /** Where the commit was pushed, or why not; null if the home does not push by itself. */
  push: Push | null
  /** What deserves attention. */
  warnings: string[]
}

/** The outcome of `uninstall` and `remove`. */
export interface Removed {
  /** The plugin's display name; that of the directory where it was in no manifest. */
  name: string
  /** The plugin's directory under `plugins/`. */
  directory: string
  /**
   * False where the directory belonged to no plugin of the manifest and was only cleaned up.
   */
  wasInstalled: boolean
  /** True where it had an `uninstall` command, which has been run and did not fail. */
  uninstalled: boolean
  /** The commit that saved the user's uncommitted changes before they went. */
  saved: string | null
  /** Where the user's files are kept that git does not have; null if it has them all. */
  backup: string | null
  /** The commit in the home's repository; none where the home does not commit by itself. */
  commit: string | null
  /** Where the commit was pushed, or why not; null if the home does not push by itself. */
  push: Push | null
  /** What deserves attention. */
  warnings: string[]
}

/** The outcome of `start`, `stop`, `restart` and `logs` for a plugin. */
export interface Ran {
  /**
   * The commands that have been run, in order, by their lifecycle events (`stop`, `start`). Empty
   * if the plugin declares none.
   */
  commands: string[]
}

/** The outcome of `status`. */
export interface StatusReport {
  /** What was found of each plugin, in the order of the manifest. */
  plugins: Line<ServiceStatus>[]
  /** The home's repository; null if it cannot be read. */
  repository: RepositoryStatus | null
  /** What deserves attention. */
  warnings: string[]
}

/** The state of the home's repository, as far as it is known without the network. */
export interface RepositoryStatus {
  /** The branch; null if HEAD is detached. */
  branch: string | null
  /** The newest commit; null if there is none yet. */
  commit: string | null
  /** The first line of its message. */
  subject: string | null
  /** When it was made, in seconds since 1970. */
  committedAt: number | null
  /** The remote that the branch is pushed to, by its name; null if there is none. */
  remote: string | null
  /** The URL of the remote, without credentials. */
  url: string | null
  /** The branch of the remote that the branch follows (`origin/main`); null if it follows none. */
  upstream: string | null
  /** How many commits have not been pushed; null if that is not known. */
  ahead: number | null
  /**
   * How many commits of the remote, as last fetched, are not in the branch; null if that is not
   * known.
   */
  behind: number | null
  /** How many files and new directories have changes that are not committed. */
  changed: number
  /** The first 100 of them, below the home. */
  changes: string[]
}

/** The outcome of `status` for a plugin. */
export interface ServiceStatus {
  /** Whether its service runs. */
  state: RunState
  /** Why that is not known; null if it is. */
  unknown: UnknownReason | null
  /** What is on disk. */
  files: State
  /** The ports that it declares. */
  ports: PortStatus[]
  /** The required variables that have no value. */
  unset: string[]
}

/**
 * Whether the service of a plugin runs.
 *
 * `running`: Its `status` command ended with 0.
 *
 * `stopped`: Its `status` command ended with anything else.
 *
 * `unknown`: Anything else.
 */
export type RunState = 'running' | 'stopped' | 'unknown'

/**
 * Why it is not known whether the service of a plugin runs.
 *
 * `no_command`: It declares no `status` command.
 *
 * `files_missing`: Its files are missing.
 *
 * `timed_out`: Its `status` command did not end in time, and was ended.
 *
 * `home_not_trusted`: Nothing is run in a home that is not trusted on this machine.
 */
export type UnknownReason = 'no_command' | 'files_missing' | 'timed_out' | 'home_not_trusted'

/**
 * What is on disk of a plugin of the manifest.
 *
 * `ready`: Its files, at the pin.
 *
 * `missing`: Nothing, or nothing but what is the user's.
 *
 * `outdated`: Files of another commit than the pin.
 *
 * `leftover`: Files in a directory that the manifest has no entry of; its source is then given as local.
 * Only a list has this state.
 */
export type State = 'ready' | 'missing' | 'outdated' | 'leftover'

/** A port that a plugin declares. */
export interface PortStatus {
  /** Its number. */
  port: number
  /** What it is called. */
  name: string | null
  /** What is spoken on it. */
  protocol: string
  /** True if something on this machine uses it: TCP or UDP, as `protocol` says. */
  inUse: boolean
}

/** The outcome of `run` and `git`: a program of the user's ended. */
export interface ScriptEnded {
  /** What was run: the script's path below the plugin directory, or `git`. */
  script: string
  /** Its exit code; 128 and the signal's number where a signal ended it. */
  exitCode: number
}

/** A plugin of the manifest, as `list` shows it. */
export interface Listed {
  /** Its display name. */
  name: string
  /** Its directory under `plugins/`. */
  directory: string
  /** Where it comes from. */
  source: SourceInfo
  /** What is on disk. */
  state: State
}

/** A plugin of the registry, as `search` shows it. */
export interface Found {
  /** Its name in the index, by which it is added. */
  name: string
  /** One line about it. */
  description: string
  /**
   * The directory of the plugin of the manifest that came from it; none where it is not
   * installed.
   */
  installed: string | null
}

/** The configuration of a plugin's MCP server, ready for an agent's or editor's file. */
export interface McpServer {
  /** What the server is called there: the plugin's display name. */
  name: string
  /** What goes below the name, absent parts left out. */
  config: McpConfig
  /** Required variables without a value; they stand as `<NOT_SET>` in the configuration. */
  unset: string[]
  /** What deserves attention. */
  warnings: string[]
}

/** The parts of a server's configuration. */
export interface McpConfig {
  /** `http` or `sse`, for remote servers. */
  type?: string | null
  /** The program, for servers that are started. */
  command?: string | null
  /** Its arguments. */
  args?: string[] | null
  /** The address, for remote servers. */
  url?: string | null
  /** Variables for the server, by name. They may hold secrets. */
  env?: Record<string, string>
  /** Milliseconds. */
  timeout?: number | null
}

/** The `README.md` of a plugin. */
export interface Readme {
  /** The plugin's display name. */
  name: string
  /** The text, in Markdown; none where the plugin has no such file. */
  text: string | null
}

/** What the object cache holds. */
export interface CacheReport {
  /** Its directory. */
  path: string
  /** Bytes on disk, of all entries. */
  bytes: number
  /** Its repositories, the last used first. */
  entries: CacheEntry[]
}

/** A repository of the object cache. */
export interface CacheEntry {
  /** The URL whose objects it holds. */
  url: string
  /** Bytes on disk. */
  bytes: number
  /** When it was last used, in seconds since 1970. */
  lastUsed: number
}

/**
 * A standard stream of a command.
 *
 * `stdout`: Standard output.
 *
 * `stderr`: Standard error.
 */
export type Stream = 'stdout' | 'stderr'

/**
 * How much attention a message wants.
 *
 * `info`: Worth knowing.
 *
 * `warning`: Something is not as it should be; the operation goes on.
 */
export type Level = 'info' | 'warning'

/** A question to the host. */
export interface Prompt {
  /**
   * A stable id (`env:github:TOKEN`, `trust:github`, `confirm:remove:github`), by which the
   * answer can be given beforehand.
   */
  id: string
  /** The plugin's directory. */
  plugin: string
  /** What kind of answer is expected. */
  kind: PromptKind
  /** The question. */
  message: string
  /** What an answer is about: a variable's description, the commands that will run. */
  details: string[]
  /** What an empty answer means, where it means something. Secrets are masked. */
  default: string | null
  /** True where the operation cannot go on without an answer. */
  required: boolean
  /** Which of how many questions of this kind, counted from 1. */
  position: [number, number]
}

/**
 * What kind of answer a question expects.
 *
 * `confirm`: Yes or no, about something that is to be done.
 *
 * `trust`: Yes or no, about running what a source brings.
 *
 * `text`: A line of text.
 *
 * `secret`: A line of text that must not be shown.
 */
export type PromptKind = 'confirm' | 'trust' | 'text' | 'secret'

/** An operation began. */
export interface OperationStartedEvent {
  event: 'operation_started'
  /** The operation (`add`). */
  operation: string
  /** The plugin or source it is about, as the caller named it. */
  subject: string | null
}

/** What was typed has been understood; shown before anything happens. */
export interface ResolvedEvent {
  event: 'resolved'
  /** In words (`local plugin ./github`). */
  description: string
}

/** A step of the operation began. */
export interface StepEvent {
  event: 'step'
  /** The plugin's directory, where there is one. */
  plugin: string | null
  /** In words (`fetching`). */
  description: string
}

/**
 * A transfer went on, or a commit that takes a while. At most 20 a second for each source; of a
 * transfer the first and the last always come.
 */
export interface ProgressEvent {
  event: 'progress'
  /** The source's URL, without credentials. */
  source: string
  /** Bytes received, or stored. */
  bytes: number
  /** Objects received. */
  objects: number
}

/** A lifecycle command wrote something. */
export interface OutputEvent {
  event: 'output'
  /** The plugin's directory. */
  plugin: string
  /** The lifecycle event (`install`). */
  command: string
  /** Which of its streams. */
  stream: Stream
  /** The bytes as text; a character that is cut comes whole with the next event. */
  text: string
  /** What it wrote: bytes, neither lines nor UTF-8. At most 64 KiB. */
  chunk: Uint8Array
}

/** Something worth a person's attention. */
export interface MessageEvent {
  event: 'message'
  /** How much of it. */
  level: Level
  /** The plugin's directory, where there is one. */
  plugin: string | null
  /** In words, with control characters escaped. */
  text: string
}

/** The operation ended; its outcome is what the call returns. */
export interface OperationFinishedEvent {
  event: 'operation_finished'
  /** The operation. */
  operation: string
}

/** Something that happened during an operation. */
export type Event =
  | OperationStartedEvent
  | ResolvedEvent
  | StepEvent
  | ProgressEvent
  | OutputEvent
  | MessageEvent
  | OperationFinishedEvent

/** A plugin for which an operation was done. */
export interface Done<T> {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'done'
  outcome: T
}

/** A plugin for which there was nothing to do. */
export interface Skipped {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'skipped'
  reason: Skip
}

/** A plugin for which an operation failed; it is as it was before. */
export interface Failed {
  /** The plugin's directory in the home. */
  directory: string
  /** Its display name. */
  name: string
  result: 'failed'
  error: AtkError
}

/** What became of one plugin. */
export type Line<T> = Done<T> | Skipped | Failed

/** The outcome of an operation on one or more plugins: a line each. */
export interface Report<T> {
  plugins: Line<T>[]
}
