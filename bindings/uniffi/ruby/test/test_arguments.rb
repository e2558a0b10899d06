# frozen_string_literal: true

require 'pathname'
require_relative 'sandbox'

# What a program gives is checked before anything starts, and the error says what is wrong in Ruby's
# words.
class TestArguments < Sandbox
  def test_an_argument_of_another_type_is_a_type_error_that_names_it
    {
      '`source` must be a String or a Pathname, not Integer' => -> { @home.add(7) },
      '`source` must be a String or a Pathname, not nil' => -> { @home.resolve(nil) },
      '`plugin` must be a String, not Symbol' => -> { @home.show(:tool) },
      '`plugin` must be a String or nil, not Hash; options are keywords: write `yes: true`' =>
        -> { @home.upgrade({ yes: true }) },
      '`yes` must be true or false, not String' => -> { @home.upgrade(yes: 'no') },
      '`trust` must be an Array of Strings, not String' => -> { @home.add('x', trust: '*') },
      '`trust[1]` must be a String, not Integer' => -> { @home.add('x', trust: ['*', 1]) },
      '`env["TOKEN"]` must be a String, not Integer' => -> { @home.add('x', env: { TOKEN: 1 }) },
      '`answers` must be a Hash, not Array' => -> { @home.add('x', answers: []) },
      'a name in `env` must be a String or a Symbol, not Integer' => -> { @home.add('x', env: { 1 => 'x' }) },
      '`at` must be a String or nil, not Float' => -> { @home.add('x', at: 1.0) },
      '`args[0]` must be a String, not Integer' => -> { @home.git(1) },
      '`cancel` must be a CancelToken or nil, not TrueClass' => -> { @home.add('x', cancel: true) },
      '`on_prompt` must be callable or nil, not String' => -> { @home.add('x', on_prompt: 'yes') },
      '`plan` must be an UpgradePlan, an UpgradePlanReport, a digest, or an Array of these, not Integer' =>
        -> { @home.upgrade(plan: [1]) },
      '`dest` must be a String or a Pathname, not nil' => -> { @home.fetch('x', nil) },
      '`path` must be a String or a Pathname, not Integer' => -> { Atk.open(3) },
      '`max_files` must be an Integer, not String' => -> { Atk.open(path('home'), max_files: '7') },
      '`wait` must be true or false, not Integer' => -> { Atk.open(path('home'), wait: 0) },
      '`network_timeout` must be a number of seconds, not String' => -> { Atk.open(path('home'), network_timeout: '1') },
      '`env` must be a Hash, not String' => -> { Atk::Home.init(path('new'), env: 'A=1') }
    }.each do |text, call|
      assert_unchanged { assert_equal text, assert_raises(TypeError, text, &call).message }
    end
    assert_match(/unknown keyword: :registri/, assert_raises(ArgumentError) { Atk.open(registri: 'x') }.message)
  end

  def test_a_value_that_cannot_be_is_an_invalid_argument
    {
      '`path` is empty; the working directory is `.`' => -> { Atk.open('') },
      '`dest` is empty; the working directory is `.`' => -> { @home.fetch(local('A'), '') },
      '`cache_dir` is empty; the working directory is `.`' => -> { Atk.open(path('home'), cache_dir: '') },
      "`max_files` must be between 0 and #{(2**63) - 1}, and is -1" => -> { Atk.open(path('home'), max_files: -1) },
      "`cache_limit` must be between 0 and #{(2**63) - 1}, and is #{2**64}" =>
        -> { Atk.open(path('home'), cache_limit: 2**64) },
      '`network_timeout` must be a number of seconds, and is NaN' =>
        -> { Atk.open(path('home'), network_timeout: Float::NAN) },
      '`source` contains a null character' => -> { @home.add("a\0b") },
      '`source` is not valid UTF-8: "\xFF"' => -> { @home.add("\xFF") }
    }.each do |text, call|
      error = assert_raises(Atk::AtkError::InvalidArgument, text, &call)
      assert_equal text, error.message
      assert_equal ['invalid_argument', 2, 2], [error.code, error.number, error.exit_code]
      assert_empty error.details.variables
    end
  end

  def test_a_pathname_is_always_a_local_path
    Dir.chdir(@root) do
      # A handle keeps the working directory that it was opened in.
      @home = Atk.open('home', cache_dir: path('cache'))
      error = assert_raises(Atk::AtkError::SourceNotFound) { @home.add(Pathname('greeter')) }
      assert_includes error.message, 'greeter'
      # Without the type, this is a name of the registry.
      refute_kind_of Atk::AtkError::SourceNotFound, assert_raises(Atk::Error) { @home.add('greeter') }
      local('Tool')
      assert_equal path('sources/tool'), File.realpath(@home.resolve(Pathname('sources/tool')).path)
      assert_equal 'tool', @home.add(Pathname('sources/tool')).directory
    end
    assert_kind_of Atk::Source, @home.resolve(Pathname('~/tool'))
    assert_equal path('user/tool'), @home.resolve(Pathname('~/tool')).path
  end

  def test_a_path_of_a_home_may_begin_with_a_tilde_and_go_up
    assert_equal path('user/x'), Atk.open('~/x').path
    assert_equal path('user'), Atk.open(Pathname('~')).path
    assert_equal path('home'), Atk.open("#{path('user')}/../home").path
    other = Atk.open('~/x', user_home: path('other'))
    assert_equal path('other/x'), other.path
    Dir.chdir(path('user')) { assert_equal path('home'), Atk.open('../home').path }
    File.symlink(path('home/plugins'), path('link'))
    assert_equal path('home'), Atk.open("#{path('link')}/..").path
  end
end
