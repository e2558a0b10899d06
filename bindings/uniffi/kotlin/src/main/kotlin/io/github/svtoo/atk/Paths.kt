package io.github.svtoo.atk

import java.nio.file.Path

/** Opens the home at a path, whose `~` is expanded. */
fun Home(path: Path, options: Options? = null): Home = Home(path.toFile().path, options)

/** A source that is a path: never the name of a plugin, however it is written. */
internal fun local(source: Path): String {
    val path = source.toFile().path
    return if (source.isAbsolute || path == "~" || path.startsWith("~/")) path else "./$path"
}
