# frozen_string_literal: true

module Atk
  # What a report of several plugins can do: it is an `Enumerable` of its lines.
  module Report
    include Enumerable

    def each(&block)
      return plugins.each unless block

      plugins.each(&block)
      self
    end

    # The fields by name, as those of every result.
    def to_h = Value.instance_method(:to_h).bind_call(self)

    # The lines of the plugins that failed.
    def failures = plugins.select { |line| line.result == LineResult::FAILED }

    # Whether no plugin failed.
    def success? = failures.empty?
  end
end
