# frozen_string_literal: true

# Does what Homebrew does with the formula, as far as the formula says it: downloads the archive for this
# system, compares the checksum, runs `install` and `test`. Homebrew itself cannot be installed everywhere.
#
#   ruby formula-test.rb <formula> <base URL of the archives> <directory to install into>

require 'digest'
require 'fileutils'
require 'net/http'
require 'open3'
require 'pathname'

# A directory of the installation.
class Directory < Pathname
  def +(other) = self.class.new(super.to_s)
  def /(other) = self + other

  def install(*items)
    mkpath
    items.flatten.flat_map { |item| item.is_a?(Hash) ? item.to_a : [[item, File.basename(item)]] }.each do |from, name|
      raise "#{from} is not in the archive" unless File.file?(from)

      FileUtils.cp(from, self + name)
    end
  end

  def write(text)
    parent.mkpath
    super
  end
end

# What a formula may say.
class Formula
  class << self
    attr_reader :given

    %i[desc homepage version license depends_on].each do |field|
      define_method(field) { |value = nil| field_of(field, value) }
    end
    %i[url sha256].each { |field| define_method(field) { |value| given[field] = value if @is_here } }

    def field_of(field, value)
      given[field] = value unless value.nil?
      given[field]
    end

    def inherited(formula)
      super
      formula.instance_variable_set(:@given, {})
      @formula = formula
    end

    attr_reader :formula

    def only_if(condition)
      outer = @is_here
      @is_here = condition && outer != false
      yield
      @is_here = outer
    end

    def on_linux(&block) = only_if(RUBY_PLATFORM.include?('linux'), &block)
    def on_macos(&block) = only_if(RUBY_PLATFORM.include?('darwin'), &block)
    def on_arm(&block) = only_if(RUBY_PLATFORM.match?(/aarch64|arm64/), &block)
    def on_intel(&block) = only_if(RUBY_PLATFORM.include?('x86_64'), &block)
    def test(&block) = define_method(:run_test, &block)
  end

  def initialize(prefix, testpath)
    @prefix = Directory.new(prefix)
    @testpath = Directory.new(testpath)
  end

  attr_reader :testpath

  def bin = @prefix + 'bin'
  def man1 = @prefix + 'share/man/man1'
  def bash_completion = @prefix + 'etc/bash_completion.d'
  def zsh_completion = @prefix + 'share/zsh/site-functions'
  def fish_completion = @prefix + 'share/fish/vendor_completions.d'

  def system(*words)
    output, status = Open3.capture2e(*words.map(&:to_s))
    raise "#{words.join(' ')} failed:\n#{output}" unless status.success?
  end

  def shell_output(command)
    output, status = Open3.capture2(command)
    raise "#{command} failed" unless status.success?

    output
  end

  def assert_match(part, text)
    raise "`#{part}` is not in:\n#{text}" unless text.match?(part)
  end
end

path, base, prefix = ARGV
load path
formula = Formula.formula
given = formula.given
%i[desc homepage version license url sha256].each { |field| given[field] or raise "#{field} is missing" }
raise 'the description ends with a full stop, or is too long' if given[:desc].end_with?('.') || given[:desc].size > 80

uri = URI("#{base}/#{File.basename(given[:url])}")
archive = Net::HTTP.get_response(uri)
raise "#{uri}: #{archive.code}" unless archive.is_a?(Net::HTTPSuccess)

sum = Digest::SHA256.hexdigest(archive.body)
raise "the checksum of #{uri} is #{sum}" unless sum == given[:sha256]

FileUtils.mkpath([prefix, "#{prefix}/unpacked", "#{prefix}/test"])
File.binwrite("#{prefix}/archive.tar.gz", archive.body)
Kernel.system('tar', '-xzf', "#{prefix}/archive.tar.gz", '-C', "#{prefix}/unpacked", '--strip-components', '1') or exit 1
it = formula.new("#{prefix}/installed", "#{prefix}/test")
Dir.chdir("#{prefix}/unpacked") { it.install }
# As Homebrew sets it.
ENV['HOME'] = "#{prefix}/test"
Dir.chdir("#{prefix}/test") { it.run_test }
puts "the formula installs and passes its test: #{Dir["#{prefix}/installed/**/*"].count { |file| File.file?(file) }} files"
