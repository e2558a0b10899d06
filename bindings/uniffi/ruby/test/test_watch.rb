# frozen_string_literal: true

require_relative 'sandbox'

class TestWatch < Sandbox
  # Runs a block with the home being watched; what it yields is what is watched.
  def watching(home = @home, **options)
    begun = Queue.new
    changer = Thread.new { yield if begun.pop }
    changer.report_on_exception = false
    Timeout.timeout(30) { home.watch(on_watching: -> { begun << true }, **options) { |change| break change } }
  ensure
    begun.close
    changer.join
  end

  def test_break_ends_it_and_leaves_no_operation
    change = watching { @home.add(local('Tool')) }
    assert_equal [%w[tool], true], [change.plugins, change.manifest?]
    # Nothing is left that this would wait for.
    Timeout.timeout(10) { Atk.wait_idle }
  end

  def test_a_change_by_an_editor_and_by_git
    @home.add(local('Tool', 'env_vars: [{name: GREETING}]'), yes: true)
    change = watching do
      File.write(path('new'), "GREETING='s3cret'\n")
      File.rename(path('new'), "#{path('home')}/plugins/tool/.env")
    end
    assert_equal [%w[tool], false], [change.plugins, change.manifest?]
    refute_includes change.inspect, 's3cret'
    git(path('home'), 'clone', '-q', path('home'), path('clone'))
    other = Atk.open(path('clone'), cache_dir: path('cache'))
    @home.remove('tool', yes: true)
    change = watching(other) { git(path('clone'), 'pull', '-q') }
    assert_equal [%w[tool], true], [change.plugins, change.manifest?]
  end

  def test_changes_while_the_block_runs_are_one_and_it_may_change_the_home
    changes = []
    begun = Queue.new
    first = Thread.new { @home.add(local('One')) if begun.pop }
    Timeout.timeout(60) do
      @home.watch(on_watching: -> { begun << true }) do |change|
        changes << change
        if changes.length == 1
          @home.add(local('Two'))
          @home.add(local('Three'))
          # Longer than the watcher waits for further changes.
          sleep 1
        end
        break if changes.flat_map(&:plugins).uniq.length == 3
      end
    end
    first.join
    assert_equal %w[one], changes.first.plugins - %w[two three]
    assert_equal 2, changes.length, changes.inspect
  end

  def test_without_a_block_it_is_an_enumerator
    changer = Thread.new { 2.times { |number| sleep 1; @home.add(local("Tool#{number}")) } }
    found = Timeout.timeout(30) { @home.watch.lazy.flat_map(&:plugins).uniq.first(2) }
    changer.join
    assert_equal %w[tool0 tool1], found
    Timeout.timeout(10) { Atk.wait_idle }
  end

  def test_a_token_and_an_exception_end_it_and_only_a_home_is_watched
    token = Atk::CancelToken.new
    error = assert_raises(Atk::AtkError::Cancelled) do
      Timeout.timeout(30) { @home.watch(on_watching: -> { token.cancel }, cancel: token) { |_| flunk } }
    end
    assert_equal 'cancelled', error.code
    assert_raises(ZeroDivisionError) { Timeout.timeout(30) { @home.watch(on_watching: -> { 1 / 0 }) { |_| flunk } } }
    assert_raises(Atk::AtkError::HomeNotInitialized) { Atk.open(path('none')).watch { |_| flunk } }
    assert_raises(TypeError) { @home.watch(cancel: 7) }
    Timeout.timeout(10) { Atk.wait_idle }
  end

  def test_ctrl_c_ends_it
    script = <<~RUBY
      require 'atk'
      home = Atk.open(#{path('home').inspect}, cache_dir: #{path('cache').inspect})
      begin
        home.watch(on_watching: -> { puts 'watching'; $stdout.flush }) { |change| puts change.plugins }
      rescue Interrupt
        Atk.wait_idle
        exit 42
      end
    RUBY
    library = File.dirname($LOADED_FEATURES.grep(%r{/lib/atk\.rb$}).first)
    Open3.popen2('ruby', '-I', library, '-e', script) do |_, out, child|
      assert_equal "watching\n", out.gets
      Process.kill('INT', child.pid)
      assert Timeout.timeout(10) { child.value }.exitstatus == 42
    end
  end
end
