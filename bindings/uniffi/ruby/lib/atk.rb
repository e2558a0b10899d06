# frozen_string_literal: true

# The generated source waits for pipes, which Ruby 3.1 can only with this.
require 'io/wait'
require_relative 'atk/generated'

# ATK: one git-backed directory for the tools around AI-assisted development. Over what is
# generated: keyword arguments, blocks for events and questions, and one error to rescue.
module Atk
  # Every failure of an operation: `rescue Atk::Error`. Its class is its kind
  # (`Atk::AtkError::HomeLocked`).
  module Error
    # The kind's stable id (`home_locked`).
    def code = failure.code

    # The kind's stable number.
    def number = failure.number

    # The exit status of a command line.
    def exit_code = failure.exit_code

    # What it is about: plugin, path, url, prompt, variables, problems, command, output, help.
    def details = failure.details

    def to_s = failure.text
  end

  AtkError.constants.map { |name| AtkError.const_get(name) }.each { |kind| kind.prepend(Error) }

  # The host of an operation: blocks for events and for questions. It is called on a thread of
  # the operation's. What a block raises ends the operation, and is raised by it.
  class Callbacks < Host
    attr_reader :raised

    def initialize(on_event, on_prompt)
      super()
      @on_event = on_event
      @on_prompt = on_prompt
      @scope = CallScope.new
    end

    # Announces the operation that this thread starts next.
    def start = @scope.start

    def on_event(event)
      guarded { @on_event&.call(event) }
      nil
    end

    def on_prompt(prompt, cancel)
      guarded { reply(@on_prompt&.call(prompt, cancel)) }
    end

    private

    # true, false, a text, :default, or nil where nobody can answer.
    def reply(answer)
      case answer
      when true then Reply::YES.new
      when false then Reply::NO.new
      when :default then Reply::USE_DEFAULT.new
      when nil then Reply::UNANSWERED.new
      when String then Reply::TEXT.new(text: answer)
      else raise TypeError, "not an answer: #{answer.class}"
      end
    end

    # What is called within cannot change the home of the operation.
    def guarded
      outer = @scope.enter
      begin
        yield
      ensure
        outer.enter
      end
    rescue StandardError => e
      @raised ||= e
      raise HostError::Failed.new(reason: "#{e.class}: #{e.message}")
    end
  end

  # The operations. They release Ruby's lock while they wait: other threads run, `Timeout` and
  # Ctrl-C end them. An operation that was left so is cancelled; `Atk.wait_idle` waits until the
  # home is as before.
  class Client
    # Opens the home at a path, or where the environment says. Options are those of
    # `Atk::Options`: registry, cache_dir, env, wait, network_timeout, …
    def initialize(path = nil, **options)
      @home = Home.new(path, Options.new(**options))
    end

    def path = @home.path

    def resolve(source) = @home.resolve(source)
    def list = @home.list
    def mcp(plugin) = @home.mcp(plugin)
    def readme(plugin) = @home.readme(plugin)
    def cache = @home.cache
    def clear_cache = @home.clear_cache

    # In each of these: `on_prompt` is called with a question and a cancel token, `cancel` is a
    # `CancelToken`, the block gets the events.

    def init(**host, &block) = hosted(host, block) { |h, c| @home.init(h, c) }

    def fetch(source, dest, at: nil, **host, &block)
      hosted(host, block) { |h, c| @home.fetch(source, dest, at, h, c) }
    end

    def add(source, at: nil, **rest, &block)
      answered(rest, block) { |a, h, c| @home.add(source, a, at, h, c) }
    end

    def setup(plugin = nil, **rest, &block)
      answered(rest, block) { |a, h, c| @home.setup(plugin, a, h, c) }
    end

    def install(plugin = nil, **rest, &block)
      answered(rest, block) { |a, h, c| @home.install(plugin, a, h, c) }
    end

    def plan_upgrade(plugin = nil, **host, &block)
      hosted(host, block) { |h, c| @home.plan_upgrade(plugin, h, c) }
    end

    def upgrade(plugin = nil, **rest, &block)
      answered(rest, block) { |a, h, c| @home.upgrade(plugin, a, h, c) }
    end

    def uninstall(plugin, force: false, ignore_failures: false, **rest, &block)
      answered(rest, block) { |a, h, c| @home.remove(plugin, a, force, ignore_failures, h, c) }
    end

    def remove(plugin, force: false, ignore_failures: false, **rest, &block)
      answered(rest, block) { |a, h, c| @home.remove(plugin, a, force, ignore_failures, h, c) }
    end

    %i[start stop restart status].each do |operation|
      define_method(operation) do |plugin = nil, **host, &block|
        hosted(host, block) { |h, c| @home.public_send(operation, plugin, h, c) }
      end
    end

    def logs(plugin, **host, &block) = hosted(host, block) { |h, c| @home.logs(plugin, h, c) }

    def run(plugin, script, *args, **host, &block)
      hosted(host, block) { |h, c| @home.run(plugin, script, args, h, c) }
    end

    def git(*args, **host, &block) = hosted(host, block) { |h, c| @home.git(args, h, c) }

    def search(query = nil, **host, &block)
      hosted(host, block) { |h, c| @home.search(query, h, c) }
    end

    private

    def answered(rest, block)
      rest = rest.dup
      given = %i[by_id env trust yes].to_h { |name| [name, rest.delete(name)] }.compact
      answers = Answers.new(**given)
      hosted(rest, block) { |host, cancel| yield answers, host, cancel }
    end

    def hosted(given, block)
      unknown = given.keys - %i[on_prompt cancel]
      raise ArgumentError, "unknown keyword: #{unknown.first.inspect}" unless unknown.empty?

      on_prompt = given[:on_prompt]
      host = Callbacks.new(block, on_prompt) if block || on_prompt
      host&.start
      yield host, given[:cancel]
    rescue AtkError::HostFailed
      raise host.raised if host&.raised

      raise
    end
  end

  # Opens a home: `Atk.open(path, registry: …)`.
  def self.open(path = nil, **options) = Client.new(path, **options)
end
