# frozen_string_literal: true

require_relative 'sandbox'

# What programs that embed ATK do: show, move, review.
class TestEmbedding < Sandbox
  def test_show_knows_the_definition_and_masks_secrets
    more = "env_vars:\n- {name: GREETING, default: hi}\n- {name: KEY, secret: true}\nports: [{port: 8080}]\n"
    @home.add(tool('Tool', more, 'hi.sh' => "#!/bin/sh\n"), trust: ['*'], env: { KEY: 's3cret' }, yes: true)
    shown = @home.show('tool')
    assert_equal ['Tool', 'd', 8080], [shown.name, shown.definition.description, shown.definition.ports.first.port]
    assert_equal [Atk::State::READY, %w[hi.sh], []], [shown.state, shown.scripts, shown.edited]
    assert_equal %w[GREETING KEY], shown.variables.map(&:name)
    assert_equal [true, true], shown.variables.map(&:is_set)
    refute_includes shown.inspect, 's3cret'
    assert_operator shown.pinned_at, :>, 1_600_000_000
    assert_equal 'plugin_not_installed', assert_raises(Atk::Error) { @home.show('none') }.code
  end

  def test_a_home_moves_to_another_machine
    @home.add(local('Tool', 'env_vars: [{name: KEY, required: true}]'), env: { 'KEY' => 'a' })
    FileUtils.cp_r(path('home'), path('sources/home.git'))
    cloned = Atk::Home.init(path('cloned'), url: "#{server}/home.git", cache_dir: path('cache'))
    assert_equal %w[tool], cloned.list.map(&:directory)
    moved = Atk.open(path('moved'), cache_dir: path('cache'))
    report = moved.bootstrap("#{server}/home.git", env: { KEY: 'b' }, yes: true)
    assert report.cloned
    assert_equal [['tool', Atk::LineResult::DONE]], report.map { |line| [line.directory, line.result] }
    assert report.success?, report.failures.inspect
    assert_includes File.read(path('moved/plugins/tool/.env')), 'b'
    refute moved.bootstrap(yes: true).cloned
  end

  def test_upgrade_makes_the_changes_of_the_plan_that_was_shown
    @home.add(tool('Tool', '', 'a.txt' => "old\n"), trust: ['*'])
    change('Tool', '', 'a.txt' => "new\n")
    plans = @home.plan_upgrade
    plan = plans.first.outcome
    change('Tool', '', 'a.txt' => "newer\n")
    assert_unchanged do
      error = assert_raises(Atk::AtkError::PlanOutdated) { @home.upgrade(plan: plan, yes: true) }
      assert_equal ['plan_outdated', 'tool'], [error.code, error.details.plugin]
      [plans, plans.to_a, plan.digest, [plan]].each do |given|
        report = @home.upgrade(plan: given, yes: true)
        assert_equal ['plan_outdated'], report.failures.map { |line| line.error.code }
      end
      # An empty plan is another thing than none.
      assert_equal 1, @home.upgrade(plan: [], yes: true).failures.length
    end
    upgraded = @home.upgrade(plan: @home.plan_upgrade, yes: true)
    assert_equal [Atk::LineResult::DONE], upgraded.map(&:result)
    assert_equal "newer\n", File.read("#{path('home')}/plugins/tool/a.txt")
    change('Tool', '', 'a.txt' => "newest\n")
    assert @home.upgrade(plan: @home.plan_upgrade('tool').first.outcome, yes: true).success?
  end

  def test_a_report_has_warnings
    @home.add(local('Tool'))
    report = @home.start
    assert_equal [Atk::Skip::NO_COMMAND], report.map(&:reason)
    assert_match(/start/, report.warnings.join)
    assert_empty @home.install.warnings
  end

  def test_a_plugin_that_is_being_changed_is_busy
    token = Atk::CancelToken.new
    seen = []
    source = local('Slow', "lifecycle: {install: sleep 30, uninstall: 'true'}\nmcp: {transport: stdio, command: x}\n", 'hi.sh' => "#!/bin/sh\n")
    assert_raises(Atk::AtkError::Cancelled) do
      @home.add(source, cancel: token) do |event|
        next unless event.step? && event.phase == Atk::Phase::RUNNING

        seen << @home.list.map { |one| [one.directory, one.state] }
        seen << [-> { @home.mcp('slow') }, -> { @home.run('slow', 'hi.sh') }].map do |call|
          assert_raises(Atk::AtkError::HomeLocked, &call).code
        end
        token.cancel
      end
    end
    assert_equal [[['slow', Atk::State::BUSY]], %w[home_locked home_locked]], seen
  end
end
