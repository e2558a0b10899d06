# frozen_string_literal: true

require_relative 'sandbox'

class TestOperations < Sandbox
  ASKS = "env_vars:\n- {name: GREETING, required: true}\n- {name: KEY, secret: true}\n"

  def test_add_asks_ruby_and_tells_it_what_happens
    asked = []
    events = []
    answer = lambda do |prompt, _cancel|
      asked << prompt.id
      prompt.id == 'env:greeter:GREETING' ? "hello \u00e9" : :default
    end
    source = tool('Greeter', "#{ASKS}lifecycle: {install: 'echo one; echo two >&2', uninstall: 'true'}\n")
    added = @home.add(source, trust: ['*'], on_prompt: answer) { |event| events << event }
    assert_equal 'greeter', added.directory
    assert_equal Atk::SourceKind::GIT, added.source.kind
    assert_equal 40, added.source.pin.length
    assert added.installed
    assert_equal %w[env:greeter:GREETING env:greeter:KEY], asked
    assert_includes File.read("#{added.path}/.env"), 'hello é'
    output = events.select(&:output?)
    assert_equal "one\n", output.select { |e| e.stream == Atk::OutputStream::STDOUT }.map(&:chunk).join
    assert_equal "two\n", output.select { |e| e.stream == :stderr }.map(&:text).join
    assert_equal Encoding::UTF_8, output.first.text.encoding
    assert_includes %i[fetching checking placing], events.find(&:step?).phase
    assert events.last.operation_finished?
    assert_equal %w[greeter], @home.list.map(&:directory)
  end

  def test_upgrade_brings_the_new_version
    source = tool('Tool', '', 'a.txt' => "old\n")
    @home.add(source, trust: ['*'])
    assert_equal Atk::Skip::UP_TO_DATE, @home.upgrade.first.reason
    change('Tool', '', 'a.txt' => "new\n")
    assert_equal ['a.txt'], @home.plan_upgrade('tool').first.outcome.files.changed
    line = @home.upgrade(yes: true).first
    assert_equal Atk::LineResult::DONE, line.result
    assert_equal "new\n", File.read("#{path('home')}/plugins/tool/a.txt")
    assert @home.remove('tool', force: true).was_installed
    assert_empty @home.list
  end

  def test_results_are_symbols_and_hashes
    mcp = "mcp: {transport: http, endpoint: 'http://localhost:1/', env: [KEY]}\nenv_vars: [{name: KEY}]\nmaturity: verified\n"
    @home.add(local('Served', mcp), env: { KEY: 'x' })
    assert_equal %i[ready local], @home.list.flat_map { |plugin| [plugin.state, plugin.source.kind] }
    assert_equal :verified, @home.show('served').definition.maturity
    assert_equal({ type: 'http', url: 'http://localhost:1/', env: { 'KEY' => 'x' } }, @home.mcp('served').config.to_h)
    listed = @home.list.first
    assert_equal({ kind: :local, pin: nil, url: nil, track: nil, held: false, moved: false }, listed.to_h[:source])
    assert_equal 1, [listed, @home.list.first].uniq.length
    assert_includes listed.inspect, 'directory="served"'
    status = @home.status
    assert_equal [%i[unknown no_service]], status.map { |line| [line.outcome.state, line.outcome.unknown] }
    assert status.success?
    assert_equal :done, status.to_h[:plugins].first[:result]
    assert_equal({ plugins: [], warnings: [] }, Atk::UpgradePlanReport.new(plugins: [], warnings: []).to_h)
  end

  def test_an_error_of_each_family
    broken = local('Broken', "lifecycle: {install: 'echo why; exit 3', uninstall: 'true'}\n")
    {
      Atk::AtkError::HomeNotInitialized => -> { Atk.open(path('none')).list },
      Atk::AtkError::PluginNotInstalled => -> { @home.mcp('nothing') },
      Atk::AtkError::SourceInvalid => -> { @home.resolve('ext::sh') },
      Atk::AtkError::VariablesUnset => -> { @home.add(local('Asks', ASKS)) },
      Atk::AtkError::LifecycleFailed => -> { @home.add(broken) },
      Atk::AtkError::RepositoryNotFound => -> { @home.add("#{server}/nothing.git") },
      Atk::AtkError::InvalidArgument => -> { Atk.open(path('home'), network_timeout: -1.0) }
    }.each do |kind, call|
      error = assert_raises(kind, &call)
      assert_kind_of Atk::Error, error
      assert_equal kind.name.split('::').last, error.code.split('_').map(&:capitalize).join
      assert_operator error.number, :>, 0
      refute_empty error.message
    end
    failed = assert_raises(Atk::Error) { @home.add(broken) }
    assert_equal [3, 'why'], [failed.details.command_exit_code, failed.details.output.strip]
  end

  def test_what_a_callback_raises_is_raised_and_nothing_has_changed
    source = local('Asks', ASKS)
    assert_unchanged do
      error = assert_raises(KeyError) { @home.add(source, on_prompt: ->(_, _) { raise KeyError, 'gone' }) }
      assert_equal 'gone', error.message
      assert_raises(ZeroDivisionError) { @home.add(source, env: { 'GREETING' => 'x' }) { |_| 1 / 0 } }
      assert_raises(TypeError) { @home.add(source, on_prompt: ->(_, _) { 7 }) }
    end
    assert_raises(ArgumentError) { @home.add(source, on_promt: nil) }
  end

  def test_a_script_runs
    @home.add(local('Tool', '', 'hi.sh' => "#!/bin/sh\necho \"$1\"; exit 4\n"))
    said = +''
    ended = @home.run('tool', 'hi.sh', 'x y') { |event| said << event.chunk if event.output? }
    assert_equal [4, "x y\n"], [ended.exit_code, said]
  end
end
