# frozen_string_literal: true

# The generated source waits for pipes, which Ruby 3.1 can only with this.
require 'io/wait'
require_relative 'atk/generated'
require_relative 'atk/values'
require_relative 'atk/report'
require_relative 'atk/arguments'
require_relative 'atk/operations'
require_relative 'atk/watch'

# ATK: one git-backed directory for the tools around AI-assisted development. Over what is
# generated: keyword arguments, blocks for events and questions, and one error to rescue.
module Atk
  # Every failure of an operation: `rescue Atk::Error`. Its class is its kind
  # (`Atk::AtkError::HomeLocked`).
  module Error
    # The stable id of its kind (`home_locked`).
    def code = failure.code

    # The stable number of its kind.
    def number = failure.number

    # The exit status for a command line.
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

    # Runs an operation that calls back what there is to call.
    def self.during(on_event, on_prompt, cancel)
      Arguments.callbacks(on_prompt, cancel)
      host = new(on_event, on_prompt) if on_event || on_prompt
      host&.start
      yield host
    rescue AtkError::HostFailed
      raise host.raised if host&.raised

      raise
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

    # true, false, a text, :default, or nil if it is unanswered.
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

  # A handle on a home. Operations release Ruby's lock while they wait: other threads run, `Timeout`
  # and Ctrl-C end them. An operation that was left so is cancelled; `Atk.wait_idle` waits until the
  # home is as before.
  class Home
    prepend Operations
    prepend Watching
    singleton_class.prepend Creation

    prepend(Module.new do
      # Opens the home at a path, or where the environment says. Options are those of
      # `Atk::Options`: registry, cache_dir, env, wait, network_timeout, …
      def initialize(path = nil, **options)
        super(Arguments.path('path', path, optional: true), Arguments.options(options))
      end

      def inspect = "#<Atk::Home #{path}>"
    end)
  end

  # Opens a home: `Atk.open(path, registry: …)`.
  def self.open(path = nil, **options) = Home.new(path, **options)
end
