# frozen_string_literal: true

module Atk
  # A change of a home: the directories of the plugins that changed, and whether its list of plugins
  # or its settings changed.
  Changed = Struct.new(:plugins, :manifest, keyword_init: true) do
    alias_method :manifest?, :manifest

    # This change and a later one.
    def merged(later) = Changed.new(plugins: plugins | later.plugins, manifest: manifest || later.manifest)
  end

  # Watching a home.
  module Watching
    # Yields every change of the home, whoever made it, until the block is left: by `break`, by an
    # exception, or by Ctrl-C. Without a block, returns an Enumerator.
    #
    #     home.watch { |change| puts change.plugins }
    #     home.watch.first
    #
    # The block runs on the calling thread, and may change the home. Changes that come while it runs
    # are one change afterwards. `on_watching` is called once: changes from then on are yielded.
    # `cancel` ends it with `Cancelled`. An Enumerator whose `next` was called watches until it is
    # collected as garbage.
    def watch(on_watching: nil, cancel: nil)
      Arguments.callbacks(nil, cancel)
      Arguments.callable('on_watching', on_watching)
      return enum_for(:watch, on_watching: on_watching, cancel: cancel) unless block_given?

      watcher = Watcher.new
      operation = Thread.new do
        super(false, watcher, cancel)
        watcher.ended(nil)
      rescue StandardError => e
        watcher.ended(e)
      end
      operation.report_on_exception = false
      begin
        watcher.each(on_watching) { |change| yield change }
      ensure
        # This cancels the operation, which changes nothing.
        operation.kill
        operation.join
      end
    end
  end

  # The changes that have not been yielded yet: all of them are one.
  class Watcher < Host
    def initialize
      super
      @lock = Mutex.new
      @news = ConditionVariable.new
      @watching = @told = @ended = false
      @pending = nil
    end

    def on_event(event)
      @lock.synchronize do
        if event.changed?
          change = Changed.new(plugins: event.plugins, manifest: event.manifest)
          @pending = @pending ? @pending.merged(change) : change
        end
        @watching ||= event.watching?
        @news.signal
      end
      nil
    end

    def on_prompt(_prompt, _cancel) = Reply::UNANSWERED.new

    # The operation ended, with an error or without.
    def ended(error)
      @lock.synchronize do
        @ended = true
        @error = error
        @news.signal
      end
    end

    def each(on_watching)
      loop do
        change, watching = take
        if watching && on_watching
          on_watching.call
          on_watching = nil
        end
        yield change if change
      end
    end

    private

    # Waits for a change, or for the first time that there is anything to wait for.
    def take
      @lock.synchronize do
        @news.wait(@lock) until @pending || @ended || @watching != @told
        raise @error || StopIteration if @ended && !@pending

        @told = @watching
        change, @pending = @pending, nil
        [change, @watching]
      end
    end
  end
  private_constant :Watcher
end
