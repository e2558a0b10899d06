package io.github.svtoo.atk

import io.github.svtoo.atk.example.example
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals

class ExampleTest {
    @Test
    fun `the example of the README adds a plugin and upgrades all`() = sandboxed {
        val source = tool("Tool", "env_vars: [{name: TOKEN, required: true, secret: true}]\n")
        val said = example(home, source, mapOf("TOKEN" to "s3cret"))
        val expected = "Tool is in ${at("home/plugins/tool")}\nd; variables: [TOKEN]\ntool: up to date\n"
        assertEquals(expected, said)
        assertContains(at("home/plugins/tool/.env").readText(), "s3cret")
        assertContains(example(home, source, emptyMap()), "plugin_exists: ")
    }
}
