package io.github.svtoo.atk.conformance

/**
 * The arguments or the options of a request: name and value; of a list and of a map the name, and then
 * a line for each of its values.
 */
class Given(private val lines: List<List<String>>) {
    private fun of(name: String): List<List<String>>? =
        lines.filter { it[0] == name }.map { it.drop(1) }.ifEmpty { null }

    fun text(name: String): String? = of(name)?.first()?.firstOrNull()

    fun needed(name: String): String = text(name) ?: error("`$name` is missing")

    fun flag(name: String): Boolean = text(name) == "true"

    fun optionalFlag(name: String): Boolean? = text(name)?.toBoolean()

    fun count(name: String): Long? = text(name)?.toLong()

    fun number(name: String): Double? = text(name)?.toDouble()

    fun list(name: String): List<String> = optionalList(name) ?: emptyList()

    fun optionalList(name: String): List<String>? = of(name)?.mapNotNull { it.firstOrNull() }

    fun map(name: String): Map<String, String>? =
        of(name)?.filter { it.size > 1 }?.associate { (key, value) -> key to value }

    fun lists(name: String): Map<String, List<String>>? =
        of(name)?.filter { it.size > 1 }?.groupBy({ it[0] }, { it[1] })

    /** Null removes a variable. */
    fun variables(name: String): Map<String, String?>? =
        of(name)?.filter { it.isNotEmpty() }?.associate { it[0] to it.getOrNull(1) }
}
