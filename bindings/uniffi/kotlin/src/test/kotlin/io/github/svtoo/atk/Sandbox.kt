package io.github.svtoo.atk

import java.io.File
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking

/** A home, sources and a git server of its own for each test. */
class Sandbox : AutoCloseable {
    val root: File = Files.createTempDirectory("atk-kotlin").toFile()
    private val user = at("user").also { it.mkdirs() }
    private var server: Process? = null

    // Of the machine's environment children see the path alone.
    private val env: Map<String, String?> =
        System.getenv().keys.associateWith { null as String? } +
            mapOf("PATH" to System.getenv("PATH"), "HOME" to user.path)
    val home: Home

    init {
        File(user, ".gitconfig").writeText("[user]\n\tname = U\n\temail = u@example.com\n")
        home = runBlocking { create("home") }
    }

    fun at(name: String) = File(root, name)

    fun open(name: String) = Home(at(name).path, options)

    suspend fun create(name: String) = Home.init(at(name).path, options)

    // Nothing listens there: no test reaches the real registry by mistake.
    val options: Options
        get() = Options(cacheDir = at("cache").path, env = env, registry = "http://127.0.0.1:9/registry")

    fun local(name: String, more: String = "", vararg files: Pair<String, String>): String =
        write(at("sources/${name.lowercase()}"), name, more, files).path

    /** A git repository with an `.atk` directory behind the server; its URL is returned. */
    fun tool(name: String, more: String = "", vararg files: Pair<String, String>): String {
        val repository = at("sources/${name.lowercase()}.git")
        write(File(repository, ".atk"), name, more, files)
        git(repository, "init", "-q")
        commit(repository)
        return "$url/${repository.name}"
    }

    fun change(name: String, vararg files: Pair<String, String>) {
        val repository = at("sources/${name.lowercase()}.git")
        write(File(repository, ".atk"), name, "", files)
        commit(repository)
    }

    val slow: String get() = local("Slow", "lifecycle: {install: sleep 30, uninstall: 'true'}\n")

    val url: String by lazy {
        val started = ProcessBuilder(System.getenv("ATK_GIT_SERVER"), at("sources").path).start()
        server = started
        started.inputReader().readLine().trimEnd('/')
    }

    /** Every file of the home but ATK's scratch, and its content. */
    fun look(): Map<String, String> =
        at("home").walk().filter { it.isFile && "/.git/atk/" !in it.path }
            .associate { it.path to it.readBytes().decodeToString() }

    suspend fun unchanged(block: suspend () -> Unit) {
        val before = look()
        block()
        waitIdle()
        assertEquals(before, look())
    }

    private fun write(directory: File, name: String, more: String, files: Array<out Pair<String, String>>): File {
        directory.mkdirs()
        val definition = "schema_version: '2026-01-23'\nname: $name\ndescription: d\n$more"
        File(directory, "plugin.yaml").writeText(definition)
        // Scripts must be executable to be run.
        files.forEach { (file, text) -> File(directory, file).apply { writeText(text) }.setExecutable(true) }
        return directory
    }

    private fun commit(repository: File) {
        git(repository, "add", ".")
        git(repository, "commit", "-qm", "Change")
    }

    fun git(directory: File, vararg args: String) {
        val builder = ProcessBuilder("git", *args).directory(directory).redirectErrorStream(true)
        builder.environment()["HOME"] = user.path
        val process = builder.start()
        val output = process.inputReader().readText()
        check(process.waitFor() == 0) { output }
    }

    override fun close() {
        runBlocking { waitIdle() }
        home.close()
        server?.run {
            outputWriter().close()
            waitFor(10, TimeUnit.SECONDS)
        }
        root.deleteRecursively()
    }
}

fun sandboxed(block: suspend Sandbox.() -> Unit) = Sandbox().use { runBlocking { it.block() } }
