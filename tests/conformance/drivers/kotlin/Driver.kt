package io.github.svtoo.atk.conformance

import io.github.svtoo.atk.*
import java.lang.reflect.Modifier
import kotlinx.coroutines.runBlocking

/** For the runner's own tests: a difference that it must find. */
private val PLANT = System.getenv("ATK_CONFORMANCE_PLANT") ?: ""

private fun show(kind: String, document: Any?) {
    if (PLANT != "silent") println(json(mapOf(kind to document)))
}

/** A request: a word and its values a line, with tabs between them. */
private class Request(val lines: List<List<String>>) {
    fun of(word: String): List<List<String>> = lines.filter { it[0] == word }.map { it.drop(1) }

    fun first(word: String): String? = of(word).firstOrNull()?.firstOrNull()

    fun given(word: String): Given = Given(of(word))
}

/** The host of a request, which shows what it is called for. */
private class Shown(val request: Request, val cancel: CancelToken) : Host {
    val at = request.first("cancel_at")

    override fun onEvent(event: Event) {
        val kind = snake(event.javaClass.simpleName)
        if (!(PLANT == "event" && kind == "operation_started")) show("event", event)
        if (kind == at) cancel.cancel()
    }

    override fun onPrompt(prompt: Prompt, cancel: CancelToken): Reply {
        if (request.of("replies").isEmpty()) return Reply.Unanswered
        show("prompt", prompt)
        if (at == "prompt") this.cancel.cancel()
        val (_, kind, value) = request.of("reply").find { it[0] == prompt.id } ?: return Reply.Unanswered
        return when (kind) {
            "yes" -> if (value == "true") Reply.Yes else Reply.No
            "text" -> Reply.Text(value)
            else -> Reply.UseDefault
        }
    }
}

/** A value as JSON: of records, the fields by their names. */
private fun json(value: Any?): String =
    when (value) {
        null, is Boolean, is Number -> value.toString()
        is String -> quoted(value)
        is ByteArray -> quoted(value.decodeToString())
        is List<*> -> value.joinToString(",", "[", "]") { json(it) }
        is Map<*, *> -> value.entries.joinToString(",", "{", "}") { (name, one) -> "${quoted("$name")}:${json(one)}" }
        is Maturity, is ServiceType -> quoted(value.toString().lowercase().replace('_', '-'))
        is Enum<*> -> quoted(value.name.lowercase())
        is Position -> json(listOf(value.number, value.total))
        is Event -> json(mapOf("event" to snake(value.javaClass.simpleName)) + fields(value))
        is Source -> json(mapOf("type" to snake(value.javaClass.simpleName)) + fields(value))
        else -> json(fields(value))
    }

private fun fields(record: Any): Map<String, Any?> =
    record.javaClass.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }.associate { field ->
        field.isAccessible = true
        val name = field.name
        val shown = when {
            record is Failure && name == "text" -> "message"
            record is Event.Output && name == "chunk" -> "text"
            name == "kind" && (record is Service || record is SourceInfo || record is McpConfig) -> "type"
            else -> snake(name)
        }
        shown to field.get(record)
    }

private fun snake(name: String): String =
    name.replaceFirstChar { it.lowercase() }.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

private fun quoted(text: String): String =
    text.map { c -> if (c < ' ' || c == '"' || c == '\\') "\\u%04x".format(c.code) else "$c" }
        .joinToString("", "\"", "\"")

private fun words(line: String): List<String> =
    line.split('\t').map { word -> word.replace(Regex("""\\(.)""")) { unescaped(it.groupValues[1]) } }

private fun unescaped(one: String): String = when (one) { "t" -> "\t"; "n" -> "\n"; else -> one }

private suspend fun run(request: Request): Any? {
    val cancel = CancelToken()
    val path = request.first("home")!!
    val options = homeOptions(request.given("option"))
    val host = Shown(request, cancel)
    val operation = request.first("call")!!
    val given = request.given("with")
    if (operation == "init") {
        Home.init(path, options, given.flag("adopt"), given.text("url"), host, cancel).close()
        return emptyMap<String, Any>()
    }
    return Home(path, options).use { callOperation(operation, it, given, host, cancel) }
}

/** Runs operations for the conformance scenarios. The answer is a trace, a JSON document a line. */
fun main() = runBlocking {
    val lines = mutableListOf<List<String>>()
    for (line in generateSequence(::readLine)) {
        if (line.isNotEmpty()) {
            lines += words(line)
            continue
        }
        try {
            val outcome = run(Request(lines.toList()))
            show("outcome", if (PLANT == "field" && outcome !is List<*>) mapOf("planted" to true) else outcome)
        } catch (error: AtkException) {
            show(if (PLANT == "success") "outcome" else "error", failure(error))
        }
        lines.clear()
    }
}

/** Every exception of the library has it. */
private fun failure(error: AtkException): Any? = error.javaClass.getMethod("getFailure").invoke(error)
