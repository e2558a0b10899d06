# frozen_string_literal: true

require_relative 'sandbox'

# The script of the README does what it says.
class TestExample < Sandbox
  def setup
    super
    @environment = { 'ATK_HOME' => path('home'), 'ATK_CACHE_DIR' => path('cache'), 'TOKEN' => 's3cret' }
    library = File.dirname($LOADED_FEATURES.grep(%r{/lib/atk\.rb$}).first)
    @command = ['ruby', '-I', library, ENV.fetch('ATK_EXAMPLE')]
  end

  def test_it_adds_a_plugin_upgrades_all_and_watches
    source = tool('Tool', "env_vars: [{name: TOKEN, required: true, secret: true}]\n")
    Open3.popen2(@environment, *@command, source) do |_, out, child|
      said = []
      Timeout.timeout(60) { said << out.gets.to_s until said.last == "watching\n" || out.eof? }
      assert_equal ["Tool is in #{path('home')}/plugins/tool\n", "d; variables: TOKEN\n",
                    "tool: up to date\n", "watching\n"], said
      @home.remove('tool', yes: true)
      assert_equal "changed: tool\n", Timeout.timeout(30) { out.gets }
      Process.kill('INT', child.pid)
      assert_equal 130, Timeout.timeout(30) { child.value }.exitstatus
    end
  end

  def test_it_ends_with_the_status_of_its_error
    source = local('Tool')
    @home.add(source)
    said, status = Open3.capture2e(@environment, *@command, source)
    assert_equal 5, status.exitstatus, said
    assert_includes said, 'plugin_exists'
  end
end
