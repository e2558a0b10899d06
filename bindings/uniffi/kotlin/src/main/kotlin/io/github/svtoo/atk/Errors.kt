package io.github.svtoo.atk

/** Code, number, text and details of any error. Without `else`: the compiler finds a kind that is missing. */
val AtkException.failure: Failure
    get() = when (this) {
        is AtkException.Internal -> failure
        is AtkException.InvalidArgument -> failure
        is AtkException.Cancelled -> failure
        is AtkException.HostFailed -> failure
        is AtkException.InteractionRequired -> failure
        is AtkException.Io -> failure
        is AtkException.Declined -> failure
        is AtkException.HomeNotInitialized -> failure
        is AtkException.HomeOccupied -> failure
        is AtkException.HomeInvalid -> failure
        is AtkException.HomeLocked -> failure
        is AtkException.HomeNested -> failure
        is AtkException.HomeInProgress -> failure
        is AtkException.RecoveryFailed -> failure
        is AtkException.PluginNotInstalled -> failure
        is AtkException.PluginExists -> failure
        is AtkException.DirectoryOccupied -> failure
        is AtkException.DefinitionInvalid -> failure
        is AtkException.ContentRefused -> failure
        is AtkException.LocalNotUpgradable -> failure
        is AtkException.NotDeclared -> failure
        is AtkException.SourceInvalid -> failure
        is AtkException.SourceNotFound -> failure
        is AtkException.NotInRegistry -> failure
        is AtkException.RegistryInvalid -> failure
        is AtkException.VariablesUnset -> failure
        is AtkException.PortInUse -> failure
        is AtkException.TrustRequired -> failure
        is AtkException.LifecycleFailed -> failure
        is AtkException.GitMissing -> failure
        is AtkException.GitFailed -> failure
        is AtkException.NetworkFailed -> failure
        is AtkException.TimedOut -> failure
        is AtkException.AccessDenied -> failure
        is AtkException.RepositoryNotFound -> failure
        is AtkException.RepositoryEmpty -> failure
        is AtkException.PinNotFound -> failure
        is AtkException.CommitRefused -> failure
    }

/** The kind's stable id (`home_locked`). */
val AtkException.code: String get() = failure.code

/** The kind's stable number. */
val AtkException.number: Int get() = failure.number
