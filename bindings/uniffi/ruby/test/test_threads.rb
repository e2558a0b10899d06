# frozen_string_literal: true

require_relative 'sandbox'

class TestThreads < Sandbox
  def took
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
  end

  def test_timeout_ends_an_operation
    source = slow
    assert_unchanged do
      seconds = took { assert_raises(Timeout::Error) { Timeout.timeout(1) { @home.add(source) } } }
      assert_operator seconds, :<, 5
    end
  end

  def test_a_token_cancels_in_the_middle
    source = slow
    token = Atk::CancelToken.new
    assert_unchanged do
      error = assert_raises(Atk::AtkError::Cancelled) do
        @home.add(source, cancel: token) { |e| token.cancel if e.step? && e.description =~ /install/ }
      end
      assert_equal 'cancelled', error.code
    end
    assert token.is_cancelled
    assert_raises(Atk::AtkError::Cancelled) { @home.add(source, cancel: token) }
  end

  def test_a_change_from_within_a_callback_is_refused_instead_of_waiting_for_itself
    other = Atk::Home.init(path('other'), cache_dir: path('cache'))
    again = local('Again')
    asks = local('Asks', 'env_vars: [{name: GREETING}]')
    codes = []
    change = -> { codes << assert_raises(Atk::Error) { @home.add(again) }.code }
    source = local('Outer', "lifecycle: {install: echo hi, uninstall: 'true'}\n")
    Timeout.timeout(60) do
      @home.add(source) do |event|
        next unless event.output?

        change.call
        # Another home can be changed; from within its callbacks this one cannot.
        other.add(asks, on_prompt: ->(_, _) { change.call && :default })
      end
    end
    assert_equal %w[home_nested home_nested], codes
    assert_equal %w[asks], other.list.map(&:directory)
    @home.add(again)
  end

  def test_ctrl_c_ends_a_script_and_the_home_is_as_before
    source = slow
    script = <<~RUBY
      require 'atk'
      home = Atk.open(#{path('home').inspect}, cache_dir: #{path('cache').inspect})
      begin
        home.add(#{source.inspect}) { |e| (puts 'installing'; $stdout.flush) if e.step? && e.description =~ /install/ }
      rescue Interrupt
        Atk.wait_idle
        exit 42
      end
    RUBY
    assert_unchanged do
      Open3.popen2('ruby', '-I', File.dirname($LOADED_FEATURES.grep(%r{/lib/atk\.rb$}).first), '-e', script) do |_, out, child|
        assert_equal "installing\n", out.gets
        Process.kill('INT', child.pid)
        seconds = took { assert_equal 42, child.value.exitstatus }
        assert_operator seconds, :<, 10
      end
    end
  end

  def test_other_threads_run_while_an_operation_waits
    ticks = 0
    ticker = Thread.new { loop { sleep 0.001; ticks += 1 } }
    source = local('Nap', "lifecycle: {install: sleep 1, uninstall: 'true'}\n")
    @home.add(source)
    ticker.kill
    assert_operator ticks, :>, 100
  end

  def test_two_hundred_operations_under_garbage_collection
    source = local('Asks', "env_vars: [{name: GREETING, required: true}]\n")
    heard = 0
    200.times do |number|
      where = path("homes/#{number % 4}")
      home = Atk.open(where, cache_dir: path('cache'))
      case number % 3
      when 0 then Atk::Home.init(where, cache_dir: path('cache')) { |_| GC.start; heard += 1 }
      when 1 then assert_raises(Atk::Error) { home.add(source) { |_| GC.start; heard += 1 } }
      else assert_raises(Atk::Error) { home.mcp('x' * 1000) }
      end
      GC.start
    end
    assert_operator heard, :>=, 200
  end

  def test_four_at_once
    sources = %w[One Two Three Four].map { |name| local(name, "lifecycle: {install: echo hi, uninstall: 'true'}\n") }
    heard = Queue.new
    threads = sources.map do |source|
      Thread.new do
        @home.add(source) do |event|
          GC.start
          heard << event.chunk if event.output?
        end
      end
    end
    assert_equal %w[four one three two], threads.map { |thread| thread.value.directory }.sort
    assert_equal "hi\n" * 4, Array.new(heard.size) { heard.pop }.join
    assert_equal 4, @home.list.size
  end
end
