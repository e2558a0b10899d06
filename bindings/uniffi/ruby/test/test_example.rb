# frozen_string_literal: true

require_relative 'sandbox'

# The script of the README does what it says.
class TestExample < Sandbox
  def test_it_adds_a_plugin_and_upgrades_all
    source = tool('Tool', "env_vars: [{name: TOKEN, required: true, secret: true}]\n")
    environment = { 'ATK_HOME' => path('home'), 'ATK_CACHE_DIR' => path('cache'), 'TOKEN' => 's3cret' }
    library = File.dirname($LOADED_FEATURES.grep(%r{/lib/atk\.rb$}).first)
    said, status = Open3.capture2e(environment, 'ruby', '-I', library, ENV.fetch('ATK_EXAMPLE'), source)
    assert status.success?, said
    assert_includes said, "Tool is in #{path('home')}/plugins/tool"
    assert_includes said, 'tool: up to date'
    assert_includes File.read("#{path('home')}/plugins/tool/.env"), 's3cret'
    said, status = Open3.capture2e(environment, 'ruby', '-I', library, ENV.fetch('ATK_EXAMPLE'), source)
    assert_equal 5, status.exitstatus, said
    assert_includes said, 'plugin_exists'
  end
end
