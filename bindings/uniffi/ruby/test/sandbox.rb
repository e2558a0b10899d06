# frozen_string_literal: true

# A home, sources and a git server of its own for each test: nothing of the machine's is read.
require 'fileutils'
require 'minitest/autorun'
require 'open3'
require 'timeout'
require 'tmpdir'
require 'atk'

# The surroundings of a test.
class Sandbox < Minitest::Test
  def setup
    @root = Dir.mktmpdir('atk-ruby')
    %w[user sources].each { |name| FileUtils.mkdir(path(name)) }
    File.write(path('user/.gitconfig'), "[user]\n\tname = U\n\temail = u@example.com\n")
    ours = %w[ATK_GIT_SERVER ATK_EXAMPLE]
    ENV.delete_if { |name, _| name.start_with?('ATK_', 'GIT_', 'XDG_') && !ours.include?(name) }
    ENV['HOME'] = path('user')
    # Nothing listens there: no test reaches the real registry by mistake.
    ENV['ATK_REGISTRY_URL'] = 'http://127.0.0.1:9/registry'
    @home = Atk::Home.init(path('home'), cache_dir: path('cache'))
  end

  def teardown
    Atk.wait_idle
    @server&.first&.close
    FileUtils.rm_rf(@root)
  end

  def path(name) = File.join(@root, name)

  # A plugin in a directory; its path is returned.
  def local(name, more = '', **files)
    write(path("sources/#{name.downcase}"), name, more, files)
  end

  # A git repository with an `.atk` directory behind the server; its URL is returned.
  def tool(name, more = '', **files)
    repository = path("sources/#{name.downcase}.git")
    write("#{repository}/.atk", name, more, files)
    git(repository, 'init', '-q')
    commit(repository)
    "#{server}/#{name.downcase}.git"
  end

  def change(name, more, **files)
    repository = path("sources/#{name.downcase}.git")
    write("#{repository}/.atk", name, more, files)
    commit(repository)
  end

  def write(directory, name, more, files)
    FileUtils.mkdir_p(directory)
    definition = "schema_version: '2026-01-23'\nname: #{name}\ndescription: d\n#{more}"
    File.write("#{directory}/plugin.yaml", definition)
    # Scripts must be executable to be run.
    files.each { |file, text| File.write("#{directory}/#{file}", text, perm: 0o755) }
    directory
  end

  def commit(repository)
    git(repository, 'add', '.')
    git(repository, 'commit', '-qm', 'Change')
  end

  def git(directory, *args)
    output, status = Open3.capture2e('git', *args, chdir: directory)
    raise output unless status.success?
  end

  def server
    @server ||= begin
      input, output, = Open3.popen2(ENV.fetch('ATK_GIT_SERVER'), path('sources'))
      [input, output.gets.chomp.chomp('/')]
    end
    @server.last
  end

  # Every file of the home but ATK's scratch, and its content.
  def look
    files = Dir.glob("#{path('home')}/**/*", File::FNM_DOTMATCH).select { |file| File.file?(file) }
    files.reject { |file| file.include?('/.git/atk/') }.to_h { |file| [file, File.binread(file)] }
  end

  def assert_unchanged
    before = look
    yield
    Atk.wait_idle
    assert_equal before, look
  end

  def slow = local('Slow', "lifecycle: {install: sleep 30, uninstall: 'true'}\n")
end
